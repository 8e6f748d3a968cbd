import { describe, expect, it } from 'vitest'
import { markdown } from './markdown.ts'
import { healthy, troubled } from './sample.test-data.ts'

describe('the summary for a CI page', () => {
  it('has one column an engine, and every row has as many cells', () => {
    const rows = markdown(healthy()).split('\n').filter((line) => line.startsWith('|'))
    expect(rows[0]).toBe('|  | Homegrown (Postgres) | DBOS | Temporal |')
    for (const row of rows) expect(row.split(/(?<!\\)\|/)).toHaveLength(6)
  })

  it('tells violations with evidence, doubts, what did not run, and the control', () => {
    const text = markdown(troubled())
    expect(text).toContain('exit 10')
    expect(text).toContain('workflow s7-crash-41, step 2 charge, `world.jsonl:812`')
    expect(text).toContain('INVALID: `rate/dbos, phase open`')
    expect(text).toContain('Temporal needs Go')
    expect(text).toContain('**caught**')
  })

  it('lets nothing that was quoted become markup', () => {
    expect(markdown(troubled())).toContain('\\<b\\>and\\</b\\>')
  })
})
