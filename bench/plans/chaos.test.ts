import { describe, expect, test } from 'vitest'
import { budget } from '../budget.ts'
import { chaosPlan, type ChaosOptions } from './chaos.ts'

const options: ChaosOptions = { seed: 7, drivers: ['homegrown'], scenarios: ['bare-steps', 'purchase'], seconds: 30, workers: { least: 2, most: 4 }, minExposures: 30, minutes: 20, provedFaults: 200, mixes: ['links'] }
const times = (seed: number): object[] => chaosPlan({ ...options, seed }).points.map(({ chaos }) => chaos.faults)

describe('a plan of chaos', () => {
  test('is the same for a seed, and another for another', () => {
    expect(chaosPlan(options)).toEqual(chaosPlan(options))
    expect(times(8)).not.toEqual(times(7))
  })

  test('plays a round alone as it was among others, and then to its end', () => {
    const whole = chaosPlan(options)
    const alone = chaosPlan({ ...options, minutes: 1, round: 5 })
    expect(alone.points).toEqual([whole.points[4]])
    expect([whole.until, alone.until]).toEqual([{ provedFaults: 200, minutes: 20 }, undefined])
  })

  test('has every kind of fault in a minute, and takes scenarios and workers in turn', () => {
    const { points } = chaosPlan({ ...options, seconds: 60 })
    for (const { chaos } of points) {
      const kinds = new Set(chaos.faults.map(({ kind, partOf }) => partOf?.replace(/ \d+$/, '') ?? kind))
      expect([...kinds].sort()).toEqual(['cut-answer', 'cut-batch', 'cut-request', 'hold-commit', 'kill', 'pause', 'restart', 'take-over race', 'terminate-backend'])
    }
    expect(points.slice(0, 3).map(({ scenario }) => scenario)).toEqual(['bare-steps', 'purchase', 'bare-steps'])
    expect([...new Set(points.map(({ workers }) => workers))].sort()).toEqual([2, 3, 4])
  })

  test.each([
    ['operations', ['terminate', 'out-of-memory', 'cpu-hog', 'fsync-hog', 'restart']],
    ['disk', ['power-cut', 'disk-full', 'restart', 'cut-answer', 'hold-commit']],
    ['fsync', ['slow-fsync', 'failing-fsync', 'restart', 'cut-answer', 'hold-commit']],
    ['clocks', ['clock-step', 'restart']],
    ['partitions', ['partition', 'restart']],
    ['toxics', ['latency', 'bandwidth', 'slicer', 'reset-peer', 'down', 'timeout', 'restart']],
    ['failover', ['failover']],
  ])('of %s has each of its faults among the deaths of workers', (mix, expected) => {
    const kinds = new Set(chaosPlan({ ...options, seconds: 60, mixes: [mix] }).points.flatMap(({ chaos }) => chaos.faults.map(({ kind }) => kind)))
    expect([...kinds].sort()).toEqual([...expected, 'kill', 'pause', ...(mix === 'disk' || mix === 'fsync' ? ['cut-request', 'cut-batch', 'terminate-backend'] : [])].sort())
  })

  test('lets each scenario meet each mix', () => {
    const { points } = chaosPlan({ ...options, mixes: ['toxics', 'clocks', 'failover', 'partitions'] })
    const met = points.slice(0, 8).map(({ scenario, chaos }) => `${scenario} ${['latency', 'clock-step', 'failover', 'partition'].find((kind) => chaos.faults.some((fault) => fault.kind === kind))}`)
    expect(new Set(met).size).toBe(8)
  })

  test('deploys a next version over runs in flight and never ends without it', () => {
    const { points } = chaosPlan({ ...options, seconds: 60, mixes: ['operations'], scenarios: ['upgrade'] })
    for (const { chaos } of points) {
      const versions = chaos.faults.flatMap(({ kind, version, slot }) => (kind === 'deploy' ? [`${version} ${slot}`] : []))
      expect(versions.length % 2).toBe(1)
      expect(versions).toEqual(versions.map((_, i) => (i % 2 === 0 ? '2 1' : '1 1')))
    }
    expect(points.some(({ chaos }) => chaos.faults.filter(({ kind }) => kind === 'deploy').length > 1)).toBe(true)
  })

  test('fails over once at most, since there is one standby', () => {
    for (const { chaos } of chaosPlan({ ...options, mixes: ['failover'] }).points) expect(chaos.faults.filter(({ kind }) => kind === 'failover').length).toBe(1)
  })

  test('pauses for longer than the lease, and hurts nobody twice at a time but in a race', () => {
    for (const { chaos, workers } of chaosPlan(options).points) {
      const alone = chaos.faults.filter(({ role, partOf }) => role === 'worker' && partOf === undefined)
      for (const { heal } of alone.filter(({ kind }) => kind === 'pause')) expect(heal.afterMs).toBeGreaterThan(budget.leaseMs)
      for (let slot = 0; slot < workers; slot++) {
        const spans = alone.filter((fault) => fault.slot === slot).map(({ trigger, heal }) => [trigger.at === 'time' ? trigger.afterMs : 0, heal.afterMs] as const)
        spans.slice(1).forEach(([fromMs], i) => expect(fromMs).toBeGreaterThan(spans[i]![0] + spans[i]![1]))
      }
    }
  })

  test('goes with a single worker, too', () => {
    const { points } = chaosPlan({ ...options, workers: { least: 1, most: 1 } })
    for (const fault of points.flatMap(({ chaos }) => chaos.faults)) expect(fault.slot === 0 || fault.slot === 'whoever').toBe(true)
  })
})
