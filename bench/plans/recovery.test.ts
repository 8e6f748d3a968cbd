import { describe, expect, it } from 'vitest'
import type { Point } from '../../contract/plan.ts'
import { recoveryPlan, type Profile } from './recovery.ts'

const engine: Profile = { driver: 'leased', variant: 'default', recovers: 'engine', ownTimeoutMs: 0 }
const tuned: Profile = { ...engine, variant: 'tuned' }
const operated: Profile = { driver: 'operated', variant: 'default', recovers: 'operator', ownTimeoutMs: 0 }
const plan = recoveryPlan({ seed: 1, minExposures: 30, profiles: [engine, tuned, operated], leasesMs: [3_000, 2_000] })
const named = ({ chaos }: Point): string[] => [...new Set(chaos.faults.map(({ id }) => id.replace(/ \d$/, '')))]
const point = (id: string) => plan.points.find((point) => point.id === id)!

describe('the recovery plan', () => {
  it('has every cell for every profile, and an operator who comes late where one is needed', () => {
    const cells = ['pause of 2 s', 'restart after 0 s, same identity', 'restart after 5 s, same identity', 'restart after 0 s, fresh identity', 'restart after 5 s, fresh identity', 'spare worker']
    for (const id of ['recovery/leased/cells', 'recovery/leased/tuned/cells', 'recovery/operated/cells']) expect(named(point(id))).toEqual(cells)
    expect(plan.points.filter(({ id }) => id.endsWith('late operator')).map(({ driver, chaos }) => [driver, chaos.operatorAfterMs])).toEqual([['operated', 30_000]])
  })

  it('hurts five of six workers in each cell, each once, in a batch of its own whose runs are still at work', () => {
    for (const { chaos, load: { phases }, workers } of plan.points) {
      const sizes = phases[0]!.kind === 'batches' ? phases[0]!.sizes : []
      for (const batch of sizes.keys()) {
        const faults = chaos.faults.filter(({ trigger }) => trigger.batch === batch)
        expect(new Set(faults.map(({ slot }) => slot)).size).toBe(5)
        expect(new Set(faults.map(({ id }) => id.replace(/ \d$/, ''))).size).toBe(1)
        for (const { trigger } of faults) expect(trigger.at === 'time' && trigger.afterMs < 30 * 500).toBe(true)
      }
      expect(chaos.faults).toHaveLength(5 * sizes.length)
      expect(workers).toBe(6)
    }
  })

  it('has no victim inherit from another: all that take over by a lease are dead before the first lease ends', () => {
    const times = point('recovery/leased/cells').chaos.faults.filter(({ id }) => id.startsWith('spare worker')).map(({ trigger }) => (trigger.at === 'time' ? trigger.afterMs : NaN))
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(3_000)
  })

  it('sweeps the budget where time-outs follow it: of each engine, as tuned as it comes', () => {
    const swept = plan.points.filter(({ budget }) => budget?.leaseMs === 2_000)
    expect(swept.map(({ driver, variant, params }) => ({ driver, variant, params }))).toEqual([{ driver: 'leased', variant: 'tuned', params: { timeoutMs: 2_000, looks: 30 } }])
    expect(named(swept[0]!)).toEqual(['pause of 2 s', 'spare worker'])
  })
})
