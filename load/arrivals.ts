// When work is meant to arrive: a Poisson process drawn beforehand, so that nothing that happens later can move an arrival.
import type { Random } from '../contract/random.ts'

/** Intended times in ms from the phase's begin, ascending, all before `seconds`. */
export function poissonArrivals(draws: Random, perSecond: number, seconds: number): Float64Array {
  const meanGapMs = 1e3 / perSecond
  const endMs = seconds * 1e3
  const arrivals: number[] = []
  if (perSecond > 0) for (let atMs = draws.exponential(meanGapMs); atMs < endMs; atMs += draws.exponential(meanGapMs)) arrivals.push(atMs)
  return Float64Array.from(arrivals)
}

/** How many of the ascending times lie before `atMs`. */
export function countBefore(times: Float64Array, atMs: number): number {
  let low = 0
  for (let high = times.length; low < high;) {
    const middle = (low + high) >>> 1
    if (times[middle]! < atMs) low = middle + 1
    else high = middle
  }
  return low
}
