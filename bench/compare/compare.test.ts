// The comparison is tested on simulated machines whose answer is known: it must find what is there, say nothing where nothing is,
// and its intervals must cover the truth as often as they claim.
import { describe, expect, it } from 'vitest'
import { random, type Random } from '../../contract/random.ts'
import { describeComparison, floorOf, pairedRatio, type Comparison, type PairedSample } from './ratio.ts'
import { runPaired } from './run.ts'
import { abba } from './schedule.ts'

interface Machine {
  /** b ÷ a as it truly is. */
  readonly truth: number
  readonly noise: number
  readonly pairs: number
}

function normal(draws: Random): number {
  return Math.sqrt(-2 * Math.log(1 - draws.next())) * Math.cos(2 * Math.PI * draws.next())
}

/** Each pair finds the machine at another speed, as real ones are; noise comes on top. */
function simulate({ truth, noise, pairs }: Machine, seed: number): PairedSample[] {
  const draws = random(seed, 'simulated machine')
  return Array.from({ length: pairs }, () => {
    const speed = 1_000 * Math.exp(0.3 * normal(draws))
    return { a: speed * Math.exp(noise * normal(draws)), b: truth * speed * Math.exp(noise * normal(draws)) }
  })
}

function simulateMany(machine: Machine, times: number, floor?: number): Comparison[] {
  return Array.from({ length: times }, (_, seed) => pairedRatio(simulate(machine, seed), seed, floor))
}

function share<T>(items: readonly T[], fits: (item: T) => boolean): number {
  return items.filter(fits).length / items.length
}

describe('the interval', () => {
  it.each([6, 8, 12])('covers the truth about 95 times of 100 with %i pairs', (pairs) => {
    const truth = 1.2
    const covered = share(simulateMany({ truth, noise: 0.05, pairs }, 300), ({ low, high }) => low <= truth && truth <= high)
    // 95 % ± 3 standard errors of 300 simulations, and the bootstrap's own error with few pairs.
    expect(covered).toBeGreaterThan(0.9)
    expect(covered).toBeLessThanOrEqual(0.99)
  }, 60_000)

  it('does not depend on how fast the machine was, only on the pairs', () => {
    const [slow] = simulateMany({ truth: 1.5, noise: 0.01, pairs: 8 }, 1)
    expect(slow!.high - slow!.low).toBeLessThan(0.1)
  })

  it('is the same for the same seed', () => {
    const samples = simulate({ truth: 1, noise: 0.1, pairs: 8 }, 1)
    expect(pairedRatio(samples, 3)).toEqual(pairedRatio(samples, 3))
  })

  it('turns around when the sides do', () => {
    const samples = simulate({ truth: 2, noise: 0.05, pairs: 10 }, 1)
    const forth = pairedRatio(samples, 1)
    const back = pairedRatio(samples.map(({ a, b }) => ({ a: b, b: a })), 1)
    expect(back.ratio).toBeCloseTo(1 / forth.ratio, 10)
    expect(back.low).toBeCloseTo(1 / forth.high, 1)
  })
})

describe('the verdict', () => {
  const floor = floorOf(pairedRatio(simulate({ truth: 1, noise: 0.03, pairs: 12 }, 1_000), 1))

  it('finds a difference that is there, in its direction', () => {
    expect(share(simulateMany({ truth: 1.3, noise: 0.03, pairs: 8 }, 100, floor), ({ verdict }) => verdict === 'faster')).toBeGreaterThan(0.95)
    expect(share(simulateMany({ truth: 1 / 1.3, noise: 0.03, pairs: 8 }, 100, floor), ({ verdict }) => verdict === 'slower')).toBeGreaterThan(0.95)
  })

  it('of a thing against itself is hardly ever a difference', () => {
    const verdicts = simulateMany({ truth: 1, noise: 0.03, pairs: 8 }, 300, floor).map(({ verdict }) => verdict)
    expect(share(verdicts, (verdict) => verdict === 'faster' || verdict === 'slower')).toBeLessThan(0.02)
    expect(new Set(verdicts)).toContain('equivalent')
  })

  it('is inconclusive when noise drowns the difference', () => {
    const verdicts = simulateMany({ truth: 1.05, noise: 0.5, pairs: 6 }, 100, floor).map(({ verdict }) => verdict)
    expect(share(verdicts, (verdict) => verdict === 'inconclusive')).toBeGreaterThan(0.9)
  })

  it('never calls a difference equivalent for want of data', () => {
    expect(share(simulateMany({ truth: 1.5, noise: 0.03, pairs: 6 }, 100, 1.05), ({ verdict }) => verdict === 'equivalent')).toBe(0)
  })

  it('is insufficient below six pairs, however clear they look', () => {
    for (const pairs of [0, 1, 2, 5]) expect(pairedRatio(simulate({ truth: 9, noise: 0.001, pairs }, 1), 1).verdict).toBe('insufficient')
  })

  it('handles pairs that agree exactly', () => {
    const same = Array.from({ length: 6 }, () => ({ a: 100, b: 200 }))
    expect(pairedRatio(same, 1)).toMatchObject({ ratio: expect.closeTo(2, 10) as unknown, low: expect.closeTo(2, 10) as unknown, high: expect.closeTo(2, 10) as unknown, verdict: 'faster' })
  })

  it('refuses a rate of nothing', () => {
    expect(() => pairedRatio([{ a: 0, b: 10 }], 1)).toThrow(/expected pairs of positive rates, found a = 0/)
  })
})

describe('the schedule', () => {
  it('is made of ABBA and BAAB blocks, drawn by seed', () => {
    const blocks = abba(40, 5).join('').match(/.{4}/g)!
    expect(new Set(blocks)).toEqual(new Set(['abba', 'baab']))
    expect(abba(40, 5)).toEqual(abba(40, 5))
    expect(abba(40, 5)).not.toEqual(abba(40, 6))
    expect(abba(7, 5)).toHaveLength(14)
  })

  it('keeps a drift of the machine from deciding', async () => {
    let speed = 1_000
    const drifting = (): Promise<number> => Promise.resolve(speed *= 0.97)
    const { verdict, low, high } = await runPaired({ a: drifting, b: drifting, pairs: 12, seed: 1 })
    expect(verdict).toBe('inconclusive')
    expect(low).toBeLessThan(1)
    expect(high).toBeGreaterThan(1)
  })
})

it('a paired run measures as scheduled and reports after each pair', async () => {
  const order: string[] = []
  const reported: number[] = []
  const measure = (side: 'a' | 'b', rate: number) => () => {
    order.push(side)
    return Promise.resolve(rate + order.length / 10)
  }
  const comparison = await runPaired({ a: measure('a', 100), b: measure('b', 150), pairs: 6, seed: 2, onPair: (_sample, { pairs }) => reported.push(pairs) })
  expect(order).toEqual(abba(6, 2))
  expect(reported).toEqual([1, 2, 3, 4, 5, 6])
  expect(comparison).toMatchObject({ verdict: 'faster', pairs: 6 })
  expect(describeComparison(comparison)).toMatch(/^b\/a = 1\.\d{3} \[1\.\d{3} … 1\.\d{3}, 95 %\], 6 pairs, floor not measured: faster$/)
})
