import { describe, expect, it } from 'vitest'
import type { PointResult, Result } from '../contract/result.ts'
import { charts } from './charts/index.ts'
import { cast } from './engines.ts'
import { junit } from './junit.ts'
import { markdown } from './markdown.ts'
import { measuredPhases } from './rates.ts'
import { healthy, invariant, phase, troubled } from './sample.test-data.ts'
import { terminal } from './terminal.ts'
import { lowestExposure, mergedInvariants, worst } from './verdicts.ts'

const changed = (result: Result, change: (point: PointResult) => PointResult): Result => ({ ...result, points: result.points.map(change) })

describe('an engine that is not what its users run', () => {
  const result = healthy()
  const bare: Result = { ...result, drivers: result.drivers.map((driver) => (driver.name === 'temporal' ? { ...driver, caveat: 'dev server, SQLite' } : driver)) }

  it('says so in its title, on the terminal, on the page, in the summary and in JUnit', () => {
    expect(cast(bare).engines.map(({ title }) => title)).toEqual(['Homegrown (Postgres)', 'DBOS', 'Temporal (dev server, SQLite)'])
    for (const shown of [terminal(bare, { colour: false, width: 120, folder: 'results/x' }), markdown(bare), junit(bare)]) expect(shown.replaceAll(/\s+/g, ' ')).toContain('dev server, SQLite')
  })

  it('stands in no chart of rates or latencies, and is judged like any other', () => {
    for (const chart of [charts.rate, charts.latency]) {
      expect(JSON.stringify(chart(result))).toContain('"temporal"')
      expect(JSON.stringify(chart(bare)?.data)).not.toContain('"temporal')
    }
    expect(cast(bare).engines[2]?.standing).toBe('pass')
    expect(measuredPhases(cast(bare).engines).filter(({ engine }) => engine.key.startsWith('temporal'))).not.toEqual([])
  })
})

describe('engines and controls', () => {
  it('are told apart by what the plan expects of them', () => {
    const { engines, controls } = cast(healthy())
    expect(engines.map((engine) => `${engine.key} ${engine.standing}`)).toEqual(['homegrown pass', 'dbos pass', 'temporal pass'])
    expect(controls.map((control) => `${control.key} ${control.caught}`)).toEqual(['volatile caught'])
  })

  it('an engine that plays a control beside its own points is both, each judged by its own points', () => {
    const result = healthy()
    const [plain] = result.points.filter((point) => point.driver === 'dbos')
    const control: PointResult = { ...plain!, id: 'power-cut/dbos/fsync-off', expect: 'fail', verdict: 'fail', invariants: [invariant('admission', { verdict: 'fail', violations: 3 })] }
    const { engines, controls } = cast({ ...result, points: [...result.points, control] })
    expect(engines.find((engine) => engine.key === 'dbos')?.standing).toBe('pass')
    expect(controls.map(({ key, caught }) => [key, caught])).toEqual([['power-cut/dbos/fsync-off', 'caught'], ['volatile', 'caught']])
  })

  it('a control that passed one of its points is not caught', () => {
    const result = changed(healthy(), (point) => (point.id === 'crash/volatile' ? { ...point, verdict: 'pass', invariants: [invariant('admission')] } : point))
    expect(cast(result).controls[0]?.caught).toBe('NOT CAUGHT')
  })

  it('a control whose point broke is neither caught nor passed', () => {
    const result = changed(healthy(), (point) => (point.id === 'crash/volatile' ? { ...point, state: 'broken', verdict: 'unknown', invariants: [] } : point))
    expect(cast(result).controls[0]?.caught).toBe('unknown')
  })

  it('an engine with a broken or a missing point does not pass', () => {
    expect(cast(troubled()).engines.map((engine) => `${engine.key} ${engine.standing}`)).toEqual(['homegrown fail', 'dbos unknown', 'temporal skipped'])
    const cut = healthy()
    const engine = cast({ ...cut, points: cut.points.filter((point) => point.id !== 'crash/dbos') }).engines.find((each) => each.key === 'dbos')
    expect(engine?.standing).toBe('unknown')
    expect(engine?.missing.map((point) => point.id)).toEqual(['crash/dbos'])
  })

  it('a pass that its own invariants contradict is a failure', () => {
    const result = changed(healthy(), (point) => (point.id === 'rate/dbos' ? { ...point, invariants: [invariant('order', { verdict: 'fail', violations: 1 })] } : point))
    expect(cast(result).engines[1]?.standing).toBe('fail')
  })

  it('a tuned variant stands beside its driver', () => {
    const result = healthy()
    const tuned = result.points.filter((point) => point.driver === 'dbos').map((point) => ({ ...point, id: `${point.id}-queue`, variant: 'queue' }))
    expect(cast({ ...result, points: [...result.points, ...tuned] }).engines.map((engine) => engine.title)).toContain('DBOS (queue)')
  })
})

describe('verdicts of several points', () => {
  it('merge as fail over unknown over pass, and nothing is unknown', () => {
    expect([worst(['pass', 'unknown', 'fail']), worst(['pass', 'unknown']), worst(['pass']), worst([])]).toEqual(['fail', 'unknown', 'pass', 'unknown'])
  })

  it('come from the points that were asked, but a failure counts anywhere', () => {
    const [first, second] = healthy().points as [PointResult, PointResult]
    const of = (a: Parameters<typeof invariant>[1], b: Parameters<typeof invariant>[1]) =>
      mergedInvariants([{ ...first, invariants: [invariant('timers', a)] }, { ...second, invariants: [invariant('timers', b)] }], 30)[0]?.verdict
    expect(of({ named: true }, { named: false, verdict: 'unknown' })).toBe('pass')
    expect(of({ named: true }, { named: true, verdict: 'unknown' })).toBe('unknown')
    expect(of({ named: true }, { named: false, verdict: 'fail' })).toBe('fail')
  })

  it('show the weakest place of what was asked', () => {
    const [first] = healthy().points as [PointResult]
    const lowest = lowestExposure([{ ...first, invariants: [invariant('order', { exposures: 40 }), invariant('signals', { exposures: 31 }), invariant('fencing', { exposures: 2 })] }])
    expect(lowest?.name).toBe('signals')
  })
})

describe('a rate', () => {
  const trustOf = (change: Partial<PointResult>): string | undefined =>
    measuredPhases(cast(changed(healthy(), (point) => (point.id === 'rate/dbos' ? { ...point, ...change } : point))).engines).find((row) => row.point.id === 'rate/dbos')?.trust

  it('is verified only if judged, valid, and workers were killed under it', () => {
    expect(trustOf({})).toBe('verified')
    expect(trustOf({ faults: [] })).toBe('unproven')
    expect(trustOf({ verdict: 'unknown' })).toBe('unknown')
    expect(trustOf({ state: 'interrupted' })).toBe('unknown')
    expect(trustOf({ phases: [phase('closed', 'closed', 10, 0, { invalid: ['the generator was the bottleneck'] })] })).toBe('INVALID')
    expect(trustOf({ verdict: 'fail' })).toBe('violated')
  })
})
