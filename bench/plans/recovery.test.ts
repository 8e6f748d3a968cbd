import { describe, expect, it } from 'vitest'
import { recoveryPlan, type Profile } from './recovery.ts'

const engine: Profile = { driver: 'leased', variant: 'default', recovers: 'engine', ownTimeoutMs: 0 }
const tuned: Profile = { ...engine, variant: 'tuned' }
const operated: Profile = { driver: 'operated', variant: 'default', recovers: 'operator', ownTimeoutMs: 0 }
const plan = recoveryPlan({ seed: 1, minExposures: 30, profiles: [engine, tuned, operated], leasesMs: [3_000, 2_000] })
const point = (id: string) => plan.points.find((point) => point.id === id)!

describe('the recovery plan', () => {
  it('has every cell for every profile, and an operator who comes late where one is needed', () => {
    const cells = ['pause of 2 s', 'restart after 0 s, same identity', 'restart after 5 s, same identity', 'restart after 0 s, fresh identity', 'restart after 5 s, fresh identity', 'spare worker']
    for (const id of ['recovery/leased/cells', 'recovery/leased/tuned/cells', 'recovery/operated/cells']) expect(point(id).load.phases.map(({ name }) => name)).toEqual(cells)
    expect(plan.points.filter(({ id }) => id.endsWith('late operator')).map(({ driver, chaos }) => [driver, chaos.operatorAfterMs])).toEqual([['operated', 30_000]])
  })

  it('hurts five of six workers in each cell, each once, within its phase', () => {
    for (const { chaos, load, workers } of plan.points) {
      for (const phase of load.phases) {
        const faults = chaos.faults.filter(({ trigger }) => trigger.phase === phase.name)
        expect(new Set(faults.map(({ slot }) => slot)).size).toBe(5)
        const seconds = phase.kind === 'closed' ? phase.seconds : 0
        for (const { trigger, heal } of faults) expect(trigger.at === 'time' && trigger.afterMs + heal.afterMs < seconds * 1e3).toBe(true)
      }
      expect(workers).toBe(6)
    }
  })

  it('has no victim inherit from another: all that take over by a lease are dead before the first lease ends', () => {
    const times = point('recovery/leased/cells').chaos.faults.filter(({ trigger }) => trigger.phase === 'spare worker').map(({ trigger }) => (trigger.at === 'time' ? trigger.afterMs : NaN))
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(3_000)
  })

  it('sweeps the budget where time-outs follow it: of each engine, as tuned as it comes', () => {
    const swept = plan.points.filter(({ budget }) => budget?.leaseMs === 2_000)
    expect(swept.map(({ driver, variant, params }) => ({ driver, variant, params }))).toEqual([{ driver: 'leased', variant: 'tuned', params: { timeoutMs: 2_000 } }])
    expect(swept[0]!.load.phases.map(({ name }) => name)).toEqual(['pause of 2 s', 'spare worker'])
  })
})
