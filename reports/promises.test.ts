import { describe, expect, it } from 'vitest'
import type { Promises } from '../contract/driver.ts'
import type { InvariantName } from '../contract/plan.ts'
import type { DriverResult, InvariantResult, PointResult, Result } from '../contract/result.ts'
import { cast } from './engines.ts'
import { markdown } from './markdown.ts'
import { judgedPromises, type JudgedPromise } from './promises.ts'
import { healthy, invariant, troubled } from './sample.test-data.ts'
import { terminal } from './terminal.ts'

type Changes = { readonly promises?: Partial<Promises>; readonly driver?: Partial<DriverResult>; readonly results?: Partial<Record<InvariantName, Partial<InvariantResult>>>; readonly point?: Partial<PointResult> }

/** Of DBOS in the healthy run, with its crash point and its driver changed. */
function judged(name: keyof Promises, { promises = {}, driver = {}, results = {}, point = {} }: Changes = {}): JudgedPromise {
  const result = healthy()
  const changed: Result = {
    ...result,
    drivers: result.drivers.map((each) => (each.name === 'dbos' ? { ...each, ...driver, promises: { ...each.promises, ...promises } } : each)),
    points: result.points.map((each) => {
      if (each.id !== 'crash/dbos') return each
      const others = each.invariants.filter((own) => results[own.name] === undefined)
      return { ...each, ...point, invariants: [...others, ...Object.entries(results).map(([own, change]) => invariant(own as InvariantName, change))] }
    }),
  }
  const engine = cast(changed).engines.find(({ key }) => key === 'dbos')!
  return judgedPromises(engine, result.plan.minExposures).find((promise) => promise.name === name)!
}

const page = 'https://docs.example.org/x'

describe('a promise', () => {
  it('is honoured when its invariant passed with enough exposures', () => {
    expect(judged('effects', { results: { effects: { measures: { 'extraAttempts.kill worker': 3 } } } })).toMatchObject({ verdict: 'honours', points: ['rate/dbos', 'agent/dbos', 'crash/dbos'] })
    expect(judged('startDedup').verdict).toBe('honours')
  })

  it('is violated by one failure anywhere, of its own invariant or of one that objects, and names the point', () => {
    const broken = { verdict: 'fail', violations: 2, exposures: 40 } as const
    expect(judged('effects', { results: { claimed: broken } })).toMatchObject({ verdict: 'violates', why: 'claimed: 2 violations', points: ['crash/dbos'] })
    expect(judged('cancel', { results: { cancel: broken } })).toMatchObject({ verdict: 'violates', exposures: 40 })
    expect(judged('recovery', { results: { liveness: broken } }).verdict).toBe('violates')
  })

  it('says that a violation is known, and is violated all the same', () => {
    const known = { verdict: 'fail', violations: 1, findings: [{ summary: 'x', lines: [], known: 'dbos-1' }] } as const
    expect(judged('cancel', { results: { cancel: known } })).toMatchObject({ verdict: 'violates', why: 'cancel: 1 violation, known' })
  })

  it('is honoured, the violation standing, when all that was found is as the makers\' page says', () => {
    const documented = { verdict: 'fail', violations: 1, findings: [{ summary: 'x', lines: [], known: 'dbos-1', documented: true }] } as const
    expect(judged('cancel', { results: { cancel: documented } })).toMatchObject({ verdict: 'honours', why: "cancel: 1 violation, each known and as the makers' page says" })
    const other = { summary: 'y', lines: [], known: 'dbos-2' }
    expect(judged('cancel', { results: { cancel: { ...documented, violations: 2, findings: [other, ...documented.findings] } } }).verdict).toBe('violates')
  })

  it('is untested without exposures, with too few of them, in doubt, or when nobody checked', () => {
    expect(judged('fencing')).toMatchObject({ verdict: 'untested', why: '9 exposures, 30 are asked for' })
    expect(judged('cancel')).toMatchObject({ verdict: 'untested', why: 'not checked' })
    expect(judged('startDedup', { results: { 'start-dedup': { named: true, verdict: 'unknown', why: 'the evidence is damaged' } } })).toMatchObject({ verdict: 'untested', why: 'crash/dbos: the evidence is damaged' })
    expect(judged('limits').verdict).toBe('untested')
  })

  it('is no promise where nothing is promised, or where the driver lacks what it is about', () => {
    const exposed = { exposures: 50 }
    expect(judged('cancel', { results: { cancel: exposed }, promises: { cancel: { value: 'absent', page } } }).verdict).toBe('untested')
    expect(judged('orphans', { results: { orphans: exposed }, promises: { orphans: { value: 'none', page } } }).verdict).toBe('untested')
    const capabilities = { ...healthy().drivers[1]!.capabilities, cancel: 'absent' as const }
    expect(judged('cancel', { results: { cancel: exposed }, driver: { capabilities } }).verdict).toBe('untested')
  })

  it('is ours where the driver emulates it or the engine is ours, and what was found stands beside it', () => {
    const capabilities = { ...healthy().drivers[1]!.capabilities, 'start-dedup': 'emulated' as const }
    expect(judged('startDedup', { driver: { capabilities } })).toMatchObject({ verdict: 'ours', found: 'honours' })
    const broken = { verdict: 'fail', violations: 1 } as const
    expect(judged('effects', { results: { effects: broken }, promises: { effects: { value: 'at-least-once', page: 'ours' } } })).toMatchObject({ verdict: 'ours', found: 'violates' })
  })
})

describe('an engine does better than promised', () => {
  it('when no fault made a step run again, though at least once was promised', () => {
    expect(judged('effects').verdict).toBe('stronger')
    expect(judged('effects', { results: { effects: { measures: { 'extraAttempts.status 429': 9 } } } }).verdict).toBe('stronger')
    expect(judged('effects', { point: { faults: [] } })).toMatchObject({ verdict: 'honours' })
  })

  it('when a cooperative cancel let nothing more begin', () => {
    const promises = { cancel: { value: 'cooperative', page } } as const
    expect(judged('cancel', { promises, results: { cancel: {} } }).verdict).toBe('stronger')
    expect(judged('cancel', { promises, results: { cancel: { measures: { askedForMeanwhile: 4 } } } })).toMatchObject({ verdict: 'honours', why: '0 violations in 312; 4 operations begun by bodies that had not heard of it' })
    expect(judged('cancel', { results: { cancel: {} } }).verdict).toBe('honours')
  })

  it('when timers are finer than their grain', () => {
    expect(judged('timerGrainMs', { results: { timers: { measures: { lateP50Ms: 12 } } } }).verdict).toBe('stronger')
    expect(judged('timerGrainMs', { results: { timers: { measures: { lateP50Ms: 1_200 } } } })).toMatchObject({ verdict: 'honours', why: '0 violations in 936; none early; late by 1.2 s, median of the slowest point' })
  })
})

describe('recovery', () => {
  it('is honoured when all runs went on after enough kills, and its time is told, not judged', () => {
    expect(judged('recovery')).toMatchObject({ verdict: 'honours', exposures: 34 })
    expect(judged('recovery').why).toMatch(/^all runs went on after 34 kills; the engine’s own share was .+, and its time-out is 2 s$/)
  })

  it('is untested when nobody was killed', () => {
    expect(judged('recovery', { point: { faults: [] } })).toMatchObject({ verdict: 'untested', why: '1 kill with runs in flight, 5 are asked for' })
  })
})

describe('reports of promises', () => {
  it('hold each against what was measured, in the terminal and on a CI page', () => {
    const text = terminal(healthy(), { colour: false, width: 100 })
    expect(text).toMatch(/effects +✔ ours, stronger +✔ stronger +✔ stronger\n/)
    expect(text).toMatch(/untested: cancel, limits, fencing\n/)
    expect(markdown(healthy())).toContain('**DBOS**: ✔ effects: stronger;')
  })

  it('say what was promised, where, and what broke it', () => {
    const text = terminal(troubled(), { colour: false, width: 200 })
    expect(text).toContain('✘ Homegrown (Postgres), effects: promised ‘at-least-once’ (ours); effects: 1 violation')
    expect(markdown(troubled())).toContain('✘ effects: ours, violates (effects: 1 violation)')
  })
})
