// Measures two things against each other in the order that the schedule draws, pair by pair, and says what came of it.
import { abba } from './schedule.ts'
import { pairedRatio, type Comparison, type PairedSample } from './ratio.ts'

export interface PairedRun {
  /** One measurement from scratch (a fresh store): a rate, more is faster. */
  readonly a: () => Promise<number>
  readonly b: () => Promise<number>
  readonly pairs: number
  readonly seed: number
  readonly floor?: number
  /** After each pair, with what all pairs so far say. */
  readonly onPair?: (sample: PairedSample, sofar: Comparison) => void
}

/** Sides are measured one at a time; a failure of either fails the comparison, since a pair without its twin says nothing. */
export async function runPaired({ a, b, pairs, seed, floor = 1, onPair }: PairedRun): Promise<Comparison & { samples: readonly PairedSample[] }> {
  const order = abba(pairs, seed)
  const samples: PairedSample[] = []
  for (let pair = 0; pair < pairs; pair++) {
    const measured = { a: 0, b: 0 }
    for (const side of order.slice(pair * 2, pair * 2 + 2)) measured[side] = await (side === 'a' ? a() : b())
    samples.push(measured)
    onPair?.(measured, pairedRatio(samples, seed, floor))
  }
  return { ...pairedRatio(samples, seed, floor), samples }
}
