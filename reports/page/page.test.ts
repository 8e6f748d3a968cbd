import { Script } from 'node:vm'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Result } from '../../contract/result.ts'
import { healthy, skippedWhy, troubled } from '../sample.test-data.ts'
import { html, inlineScript, jsonScript } from './html.ts'
import { page } from './page.ts'

describe('the page', () => {
  let text = ''
  let visible = ''
  beforeAll(async () => {
    text = await page(troubled())
    visible = text.replaceAll(/<(script|style)[^>]*>[^]*?<\/\1>/g, '')
  })

  it('asks the network for nothing', () => {
    expect(visible).toContain("default-src 'none'")
    expect(visible).not.toMatch(/<(link|iframe|img|script|object|embed)\b/)
    expect(visible).not.toMatch(/\b(src|srcset|action)=/)
    expect(text).not.toMatch(/@import|url\(\s*['"]?http/)
  })

  it('carries libraries that still parse, in script elements that end where they should', () => {
    const scripts = [...text.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)]
    expect(scripts.map((script) => script[1])).toEqual([' type="application/json" id="charts"', '', '', '', ''])
    for (const [, attributes, code] of scripts) {
      if (attributes === '') expect(() => new Script(code!)).not.toThrow()
      else expect(Object.keys(JSON.parse(code!) as object)).toEqual(['matrix', 'rate', 'latency', 'timeline', 'recovery'])
    }
    expect(text.endsWith('</script></body></html>')).toBe(true)
  })

  it('can be read without scripts: every chart is drawn beforehand', () => {
    expect(visible.match(/<figure class="chart"[^>]*><svg/g)).toHaveLength(5)
  })

  it('quotes findings as text, never as markup', () => {
    expect(visible).toContain('$12.40 &lt;b&gt;and&lt;/b&gt; again')
    expect(visible).not.toContain('<b>and</b>')
  })

  it('shows evidence, what was not answered, and how to get what did not run', () => {
    for (const part of ['workflow s7-crash-41, step 2 charge', '<code>world.jsonl:812</code>', 'schedule lag p99 was 80 ms', 'the driver never answered', skippedWhy.replace('>', '&gt;')]) expect(visible).toContain(part)
  })

  it('keeps controls out of the tables of engines', () => {
    const tables = [...visible.matchAll(/<thead>[^]*?<\/thead>/g)].map((head) => head[0])
    expect(tables.length).toBeGreaterThan(5)
    for (const head of tables) expect(head).not.toContain('Volatile')
    expect(visible).toMatch(/<section id="controls"[^]*Volatile[^]*caught/)
  })

  it('gives every table a caption and headers, and every verdict a symbol', () => {
    for (const [table] of visible.matchAll(/<table[^]*?<\/table>/g)) {
      expect(table).toContain('<caption')
      expect(table).toMatch(/<th scope="(col|row)"/)
    }
    expect(visible).not.toMatch(/<span class="badge[^>]*>(?!<span aria-hidden="true">[✔✘?–]<)/)
  })

  it('names no winner', () => {
    expect(visible.toLowerCase()).not.toMatch(/winner|fastest|best engine|beats/)
  })

  it('is whole for a run that was killed before any point ended', async () => {
    const cut: Result = { ...healthy(), points: [], drivers: [], run: { ...healthy().run, interrupted: true, exitCode: 130, git: null } }
    const empty = await page(cut)
    expect(empty).toContain('No phase of this run measured a rate.')
    expect(empty).toContain('planned, but the run ended before it')
    expect(empty.replaceAll(/<(script|style)[^>]*>[^]*?<\/\1>/g, '')).not.toContain('badge pass')
  })
})

describe('escaping', () => {
  it('treats what is put into a template as text', () => {
    expect(html`<p title="${'"'}">${'<script>'}</p>`.markup).toBe('<p title="&quot;">&lt;script&gt;</p>')
  })

  it('keeps a script element closed over any code and any data', () => {
    expect(jsonScript('x', { a: '</script><!--' }).markup).toBe('<script type="application/json" id="x">{"a":"\\u003c/script>\\u003c!--"}</script>')
    const code = inlineScript("globalThis.seen = ['</script>', '<!--', '<SCRIPT>', /<\\/script/u.source]").markup
    const inner = code.slice('<script>'.length, -'</script>'.length)
    expect(inner).not.toMatch(/<\/?script|<!--/i)
    const context: { seen?: unknown } = {}
    new Script(inner.replace('globalThis.', '')).runInNewContext(context)
    expect([...(context.seen as string[])]).toEqual(['</script>', '<!--', '<SCRIPT>', '<\\/script'])
  })
})
