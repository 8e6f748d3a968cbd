import { describe, expect, it } from 'vitest'
import type { Result } from '../contract/result.ts'
import { charts } from './charts/index.ts'
import { cast } from './engines.ts'
import { overview } from './overview.ts'
import { healthy, phase } from './sample.test-data.ts'

/** Chaos of one engine, a round for each rate. */
function rounds(rates: readonly number[]): Result {
  const result = healthy()
  const crash = result.points.find(({ id }) => id === 'crash/homegrown')!
  const points = rates.map((rate, i) => ({ ...crash, id: `chaos/homegrown/${i + 1}`, leg: 'chaos', phases: [{ ...phase('chaos', 'open', rate, 20 + i), kind: 'closed' as const, offeredPerSecond: null }] }))
  return { ...result, drivers: result.drivers.filter(({ name }) => name === 'homegrown'), plan: { ...result.plan, points: [] }, points }
}

const cell = (result: Result, label: string): string | undefined => overview(result, cast(result).engines).flatMap(({ rows }) => rows).find((row) => row.label === label)?.cells[0]

describe('several points of one leg', () => {
  it('stand side by side while they are few', () => {
    expect(cell(rounds([300, 200]), 'steps/s')).toBe('300, 200')
    expect(cell(rounds([300, 200]), 'standing')).toBe('verified, verified')
  })

  it('come to the lowest and the highest when they are many, so that each row stays a row', () => {
    const many = rounds([300, 200, 250, 400])
    expect(cell(many, 'steps/s')).toBe('200 … 400')
    expect(cell(many, 'standing')).toBe('4 verified')
    expect(cell(many, 'to last effect, p50 / p99')).toMatch(/^\S+ \S+ … \S+ \S+ \/ \S+ \S+ … \S+ \S+$/)
  })

  it('are in no chart of rates, one over the other, and each has a timeline that says which it is', () => {
    expect(charts.rate(rounds([300, 200]))).toBeNull()
    expect(charts.rate(rounds([300]))).not.toBeNull()
    expect(JSON.stringify(charts.timeline(rounds([300, 200])))).toContain('chaos/homegrown/2, purchase')
    expect(JSON.stringify(charts.timeline(rounds([300])))).not.toContain('chaos/homegrown/1')
  })
})
