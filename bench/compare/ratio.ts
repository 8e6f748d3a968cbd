// Whether b is faster than a, from pairs measured one after the other: a ratio with its uncertainty, and a verdict that may be
// "don't know". Logarithms of ratios, so that twice and half weigh the same. The interval is a studentised bootstrap over
// pairs: with six pairs a plain percentile bootstrap covers 85 % where it says 95. Trade-off: it is wider, twofold at six
// pairs; and a drift within pairs widens it too, so it errs towards "don't know".
import { random } from '../../contract/random.ts'

type ComparisonVerdict = 'faster' | 'slower' | 'equivalent' | 'inconclusive' | 'insufficient'

export interface PairedSample {
  readonly a: number
  readonly b: number
}

export interface Comparison {
  /** b ÷ a, geometric mean over pairs. */
  readonly ratio: number
  /** 95 % interval. */
  readonly low: number
  readonly high: number
  readonly pairs: number
  /** A difference within 1/floor … floor is what this machine shows between a thing and itself. */
  readonly floor: number
  /** What b is, in comparison to a. */
  readonly verdict: ComparisonVerdict
}

const fewestPairs = 6
const resamples = 4_000
const tail = 0.025

/** Samples are rates: more is faster. `floor` ≥ 1 comes from `floorOf` an A/A run; 1 means that none was measured. */
export function pairedRatio(samples: readonly PairedSample[], seed: number, floor = 1): Comparison {
  for (const { a, b } of samples) {
    if (!(a > 0 && b > 0 && Number.isFinite(a / b))) throw new Error(`expected pairs of positive rates, found a = ${a}, b = ${b}; a side that completed nothing can't be compared`)
  }
  const logs = samples.map(({ a, b }) => Math.log(b / a))
  if (logs.length < 2) return { ratio: Math.exp(mean(logs)), low: 0, high: Infinity, pairs: logs.length, floor, verdict: 'insufficient' }
  const [low, high] = interval(logs, seed)
  const verdict = logs.length < fewestPairs ? 'insufficient' : judge(low, high, Math.log(floor))
  return { ratio: Math.exp(mean(logs)), low: Math.exp(low), high: Math.exp(high), pairs: logs.length, floor, verdict }
}

/** The floor that an A/A run sets: nothing smaller than the farther end of its interval is told apart. */
export function floorOf(aa: Comparison): number {
  return Math.max(aa.high, 1 / aa.low)
}

/** One line for people. */
export function describeComparison({ ratio, low, high, pairs, floor, verdict }: Comparison): string {
  const range = `${low.toFixed(3)} … ${high.toFixed(3)}`
  return `b/a = ${ratio.toFixed(3)} [${range}, 95 %], ${pairs} pairs, floor ${floor === 1 ? 'not measured' : `±${((floor - 1) * 100).toFixed(1)} %`}: ${verdict}`
}

function judge(low: number, high: number, floor: number): ComparisonVerdict {
  if (low > floor) return 'faster'
  if (high < -floor) return 'slower'
  return low >= -floor && high <= floor ? 'equivalent' : 'inconclusive'
}

function interval(logs: readonly number[], seed: number): [number, number] {
  const draws = random(seed, 'compare/bootstrap')
  const centre = mean(logs)
  const spread = standardError(logs)
  if (spread === 0) return [centre, centre]
  const resample = new Array<number>(logs.length)
  const deviations = Float64Array.from({ length: resamples }, () => {
    for (let i = 0; i < logs.length; i++) resample[i] = logs[draws.below(logs.length)]!
    const deviation = mean(resample) - centre
    // A resample of one value alone has no spread; it lies beyond all others.
    return deviation === 0 ? 0 : deviation / standardError(resample)
  }).sort()
  const quantile = (share: number): number => deviations[Math.round(share * (resamples - 1))]!
  return [centre - quantile(1 - tail) * spread, centre - quantile(tail) * spread]
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function standardError(values: readonly number[]): number {
  const centre = mean(values)
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0)
  return Math.sqrt(squares / (values.length - 1) / values.length)
}
