import { describe, expect, it } from 'vitest'
import { fateOf, type FateSettings } from './fate.ts'

const settings: FateSettings = { seed: 3, latency: { medianMs: 20, p99Ms: 200 }, failures: { status429: 0.1, status500: 0.05, hungAfterApplied: 0.02 } }
const fates = Array.from({ length: 20_000 }, (_, i) => fateOf(settings, `run-${i}`, 1 + (i % 6), 1))

describe('over 20,000 attempts', () => {
  const latencies = fates.map((fate) => fate.latencyMs).sort((a, b) => a - b)
  const share = (injected: unknown) => fates.filter((fate) => fate.injected === injected).length / fates.length

  it('latencies have the median and the 99th percentile that were asked for', () => {
    expect(latencies[10_000]! / 20).toBeCloseTo(1, 1)
    expect(latencies[19_800]! / 200).toBeGreaterThan(0.9)
    expect(latencies[19_800]! / 200).toBeLessThan(1.1)
  })

  it('failures have the shares that were asked for', () => {
    expect(share(429)).toBeCloseTo(0.1, 1.5)
    expect(share(500)).toBeCloseTo(0.05, 1.5)
    expect(share('hung')).toBeCloseTo(0.02, 1.5)
  })
})

it('a second attempt has a fate of its own', () => {
  expect(fateOf(settings, 'run-1', 1, 2)).not.toEqual(fateOf(settings, 'run-1', 1, 1))
})

it('a child has a fate of its own, the same in every run', () => {
  expect(fateOf(settings, 'run-1/2', 1, 1)).not.toEqual(fateOf(settings, 'run-1', 1, 1))
  expect(fateOf(settings, 'a-run-1/2', 1, 1)).toEqual(fateOf(settings, 'another-1/2', 1, 1))
})

it('without latency and failures nothing happens to a call', () => {
  const calm: FateSettings = { seed: 3, latency: { medianMs: 0, p99Ms: 0 }, failures: { status429: 0, status500: 0, hungAfterApplied: 0 } }
  expect(fateOf(calm, 'run-1', 1, 1)).toEqual({ latencyMs: 0, injected: null })
})
