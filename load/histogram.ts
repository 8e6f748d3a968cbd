// Latency histograms in whole microseconds, HDR with three digits, kept in WebAssembly (a fifth of the cost of plain JS per
// record). Trade-off: values beyond an hour count as an hour. A result carries the whole histogram, so results can be merged.
import hdr from 'hdr-histogram-js'
import type { HistogramResult } from '../contract/result.ts'

await hdr.initWebAssembly()

const highestUs = 3_600_000_000
/** Chart buckets are 1/16 of an octave wide (4.4 %): finer than a pixel, and a page stays small. */
const bucketsPerOctave = 16

export class LatencyHistogram {
  readonly #hdr = hdr.build({ useWebAssembly: true, highestTrackableValue: highestUs, autoResize: false, numberOfSignificantValueDigits: 3 })

  recordMs(ms: number): void {
    const us = Math.round(ms * 1e3)
    this.#hdr.recordValue(us < 0 ? 0 : us > highestUs ? highestUs : us)
  }

  get count(): number {
    return this.#hdr.totalCount
  }

  /** The value in ms below which `percent` % of the records lie; 0 when there is none. */
  percentileMs(percent: number): number {
    return this.#hdr.getValueAtPercentile(percent) / 1e3
  }

  /** null when nothing was recorded: an empty histogram has no percentiles. */
  result(): HistogramResult | null {
    if (this.count === 0) return null
    const encoded = hdr.encodeIntoCompressedBase64(this.#hdr)
    return { hdr: encoded, count: this.count, ...summary(encoded) }
  }
}

/** Percentiles and chart buckets, read from the encoded form: WebAssembly histograms have no iterator. */
function summary(encoded: string): Omit<HistogramResult, 'hdr' | 'count'> {
  const decoded = hdr.decodeFromCompressedBase64(encoded) as InstanceType<typeof hdr.JsHistogram>
  const counts = new Map<number, number>()
  const values = decoded.recordedValuesIterator
  values.reset()
  while (values.hasNext()) {
    const { valueIteratedTo, countAddedInThisIterationStep } = values.next()
    const upper = upperBoundUs(valueIteratedTo)
    counts.set(upper, (counts.get(upper) ?? 0) + countAddedInThisIterationStep)
  }
  const at = (percent: number): number => decoded.getValueAtPercentile(percent)
  return {
    minUs: at(0), p50Us: at(50), p90Us: at(90), p99Us: at(99), p999Us: at(99.9), maxUs: decoded.maxValue,
    buckets: [...counts],
  }
}

function upperBoundUs(valueUs: number): number {
  return Math.ceil(2 ** (Math.ceil(Math.log2(Math.max(valueUs, 1)) * bucketsPerOctave) / bucketsPerOctave))
}
