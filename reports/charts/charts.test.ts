import { describe, expect, it } from 'vitest'
import { histogram } from '../sample-histogram.test-data.ts'
import { healthy, troubled } from '../sample.test-data.ts'
import { draw } from './draw.ts'
import { charts } from './index.ts'
import { palette } from './theme.ts'

const names = Object.keys(charts) as (keyof typeof charts)[]

describe.each(names)('the %s chart', (name) => {
  it.each([['healthy', healthy], ['troubled', troubled]])('draws a %s run without a warning and without NaN', async (_kind, result) => {
    const spec = charts[name](result())
    if (spec === null) throw new Error('expected a chart')
    const { svg, warnings } = await draw(spec)
    expect(warnings).toEqual([])
    expect(svg).toMatch(/^<svg/)
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
    expect(svg).toContain('homegrown')
  })

  it('survives a run in which next to nothing happened', async () => {
    const one = histogram('one', 3, 1)
    const none = { ...one, count: 0, buckets: [] }
    const result = healthy()
    const points = result.points.map((point) => ({
      ...point, phases: point.phases.map((phase) => ({ ...phase, verifiedStepsPerSecond: point.driver === 'dbos' ? 0 : 1, effectLatency: point.driver === 'dbos' ? none : one, endLatency: null })),
      faults: point.faults.map((fault) => ({ ...fault, appliedAtMs: 0, firstProgressMs: 0 })), timeline: point.timeline && { ...point.timeline, ended: [], applied: [], marks: [{ atMs: 0, untilMs: null, label: '', kind: 'kill worker' }] },
    }))
    const { svg, warnings } = await draw(charts[name]({ ...result, points })!)
    expect(warnings).toEqual([])
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  })

  it('leaves controls out', async () => {
    const spec = charts[name](healthy())
    expect(JSON.stringify(spec)).not.toContain('Volatile')
  })

  it('is absent, not empty, where there is nothing to draw', () => {
    expect(charts[name]({ ...healthy(), points: [] })).toBeNull()
  })
})

describe('the rate chart', () => {
  it('labels what is not verified', async () => {
    const spec = charts.rate(troubled())
    expect((await draw(spec!)).svg).toContain('804 steps/s · 964 transitions/s · INVALID')
  })
})

describe('the palette', () => {
  it('contrasts at least 3:1 with both backgrounds of the page', () => {
    for (const colour of palette) {
      for (const background of ['#ffffff', '#171b21']) expect(contrast(colour, background), `${colour} on ${background}`).toBeGreaterThanOrEqual(3)
    }
  })
})

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
