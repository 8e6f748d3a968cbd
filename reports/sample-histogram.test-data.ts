// A histogram as the load process would hand it over: log-normal draws, recorded by hdr-histogram-js.
import hdr from 'hdr-histogram-js'
import type { HistogramResult } from '../contract/result.ts'
import { random } from '../contract/random.ts'

export function histogram(label: string, medianMs: number, draws: number): HistogramResult {
  const recorded = hdr.build({ lowestDiscernibleValue: 1, highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: 2, useWebAssembly: false })
  const buckets = new Map<number, number>()
  const r = random(1, `sample/${label}`)
  for (let i = 0; i < draws; i++) {
    const normal = Math.sqrt(-2 * Math.log(1 - r.next())) * Math.cos(2 * Math.PI * r.next())
    const us = Math.max(1, Math.round(medianMs * 1000 * Math.exp(normal * 0.45)))
    recorded.recordValue(us)
    const upper = Math.ceil(1.02 ** Math.ceil(Math.log(us) / Math.log(1.02)))
    buckets.set(upper, (buckets.get(upper) ?? 0) + 1)
  }
  const at = (percentile: number): number => recorded.getValueAtPercentile(percentile)
  return {
    hdr: hdr.encodeIntoCompressedBase64(recorded), count: draws, minUs: recorded.minNonZeroValue, p50Us: at(50), p90Us: at(90), p99Us: at(99), p999Us: at(99.9), maxUs: recorded.maxValue,
    buckets: [...buckets].sort((a, b) => a[0] - b[0]),
  }
}
