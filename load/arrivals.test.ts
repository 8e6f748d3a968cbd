import { expect, it } from 'vitest'
import { random } from '../contract/random.ts'
import { countBefore, poissonArrivals } from './arrivals.ts'

it('gaps have the mean and the spread of a Poisson process', () => {
  const arrivals = poissonArrivals(random(1, 'test'), 1_000, 50)
  const gaps = arrivals.subarray(1).map((at, i) => at - arrivals[i]!)
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length
  // 50,000 exponential gaps: the mean's standard error is 0.0045 ms; mean and deviation are equal.
  expect(mean).toBeGreaterThan(0.982)
  expect(mean).toBeLessThan(1.018)
  expect(Math.sqrt(variance) / mean).toBeGreaterThan(0.97)
  expect(Math.sqrt(variance) / mean).toBeLessThan(1.03)
  expect(gaps.every((gap) => gap >= 0)).toBe(true)
  expect(arrivals.at(-1)).toBeLessThan(50_000)
})

it('are none at a rate of nothing', () => {
  expect(poissonArrivals(random(1), 0, 10)).toHaveLength(0)
})

it('counts those before a time', () => {
  const times = Float64Array.of(1, 2, 2, 5)
  expect([0, 1, 1.5, 2, 3, 9].map((at) => countBefore(times, at))).toEqual([0, 0, 1, 1, 3, 4])
})
