import { describe, expect, test } from 'vitest'
import type { PointResult } from '../../contract/result.ts'
import { emptyPoint } from '../empty-point.ts'
import { decideExit } from '../exit.ts'
import { faultPlans, faultsPlan } from './faults.ts'

const options = { seed: 7, drivers: ['homegrown'], scenarios: ['purchase'], seconds: 5, workers: 2, minExposures: 30 }
const plan = faultsPlan(options, Object.keys(faultPlans))

describe('a plan of faults', () => {
  test('is the same every time; a point bears its fault\'s name as its leg, and no two have one id', () => {
    expect(faultsPlan(options, Object.keys(faultPlans))).toEqual(plan)
    expect([...new Set(plan.points.map(({ leg }) => leg))].sort()).toEqual(Object.keys(faultPlans).filter((name) => plan.points.some(({ leg }) => leg === name)).sort())
    expect(new Set(plan.points.map(({ id }) => id)).size).toBe(plan.points.length)
  })

  test('heals each fault before its load is over', () => {
    for (const { load, chaos } of plan.points) {
      const [phase] = load.phases
      if (phase?.kind !== 'closed') continue
      for (const { trigger, heal } of chaos.faults) if (trigger.at === 'time') expect(trigger.afterMs + heal.afterMs).toBeLessThan(phase.seconds * 1e3)
    }
  })

  test('has a control where a promise could be kept by chance: a store without fsync, an asynchronous standby', () => {
    const controls = plan.points.filter(({ expect: expected }) => expected === 'fail')
    expect(controls.map(({ store }) => store)).toEqual([{ disk: 'loop', fsync: 'off' }, { standby: 'asynchronous' }])
  })
})

describe('a fault that was required', () => {
  const point = faultsPlan(options, ['power-cut']).points[0]!
  const fault = { fault: 'power-cut-2500', kind: 'power-cut', role: 'store', proved: true, note: '' } as PointResult['faults'][number]
  const done: PointResult = { ...emptyPoint(point, 'hash', 'done', ''), verdict: 'pass', faults: [fault] }
  const ends = (points: readonly PointResult[]): ReturnType<typeof decideExit> =>
    decideExit({ plan: { minExposures: 0 }, points, drivers: [{ name: 'homegrown', skipped: '' }], required: [], requiredFaults: ['power-cut'], acceptFindings: false, interrupted: false })

  test('and was proved lets the run pass', () => expect(ends([done])).toEqual({ exitCode: 0, reasons: [] }))

  test.each([
    ['was not proved', { ...done, faults: [{ ...fault, proved: false, note: 'skipped: no room' }] }, /not proved in power-cut\/homegrown: power-cut-2500: skipped: no room/],
    ['was never applied', { ...done, faults: [] }, /none was applied/],
    ['this machine can\'t do', { ...done, state: 'skipped', why: 'needs root' }, /did not run to its end: needs root/],
    ['is not in the plan', { ...done, leg: 'disk-full' }, /name it with --only/],
  ] as const)('and %s ends it with 13', (_, point, reason) => {
    const { exitCode, reasons } = ends([point])
    expect(exitCode).toBe(13)
    expect(reasons.join('\n')).toMatch(reason)
  })
})
