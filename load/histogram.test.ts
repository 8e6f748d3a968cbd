import hdr from 'hdr-histogram-js'
import { expect, it } from 'vitest'
import { LatencyHistogram } from './histogram.ts'

it('keeps three digits of every percentile, and the whole histogram for merging', () => {
  const histogram = new LatencyHistogram()
  for (let us = 1; us <= 100_000; us++) histogram.recordMs(us / 1e3)
  const result = histogram.result()!
  expect(result).toMatchObject({ count: 100_000, minUs: 1 })
  for (const [found, truth] of [[result.p50Us, 50_000], [result.p90Us, 90_000], [result.p99Us, 99_000], [result.p999Us, 99_900], [result.maxUs, 100_000]]) {
    expect(Math.abs(found! / truth! - 1)).toBeLessThan(1e-3)
  }
  expect(hdr.decodeFromCompressedBase64(result.hdr).totalCount).toBe(100_000)
})

it('gives chart buckets that hold every record below their upper bound', () => {
  const histogram = new LatencyHistogram()
  const valuesMs = [0, 0.001, 0.5, 1, 1.01, 250, 250, 60_000]
  for (const ms of valuesMs) histogram.recordMs(ms)
  const { buckets } = histogram.result()!
  expect(buckets.reduce((sum, [, count]) => sum + count, 0)).toBe(valuesMs.length)
  const bounds = buckets.map(([upperUs]) => upperUs)
  expect(bounds).toEqual(bounds.toSorted((a, b) => a - b))
  for (const ms of valuesMs) {
    const upperUs = bounds.find((bound) => bound >= ms * 1e3)
    expect(upperUs! / Math.max(1, ms * 1e3)).toBeLessThan(1.06)
  }
})

it('counts what is beyond an hour as an hour, a negative lag as none, and says nothing of nothing', () => {
  const histogram = new LatencyHistogram()
  expect(histogram.result()).toBeNull()
  histogram.recordMs(-5)
  histogram.recordMs(1e9)
  expect(histogram.result()).toMatchObject({ minUs: 0, count: 2 })
  expect(histogram.percentileMs(100)).toBeGreaterThan(3_590_000)
})
