// Rates and concurrencies that a plan leaves to an earlier closed phase: engines differ a thousandfold, so no constant fits all.
import type { LoadPhase } from '../contract/plan.ts'
import type { PhaseRecorder } from './recorder.ts'

/** A window is not stretched further, however slow the engine. */
const longestRunSeconds = 10

/** Runs per second. */
export function rateOf(rate: Extract<LoadPhase, { kind: 'open' }>['rate'], earlier: readonly PhaseRecorder[]): number {
  return 'perSecond' in rate ? rate.perSecond : closedRate(rate.shareOf, earlier) * rate.share
}

export interface ClosedSize {
  readonly concurrency: number
  readonly warmupSeconds: number
  readonly seconds: number
}

/** A closed phase in runs and seconds. Where nothing was completed to calibrate by, it stays as planned. */
export function closedSize({ concurrency, warmupSeconds, seconds }: Extract<LoadPhase, { kind: 'closed' }>, earlier: readonly PhaseRecorder[]): ClosedSize {
  if (typeof concurrency === 'number') return { concurrency, warmupSeconds, seconds }
  const { from, secondsOfWork, atLeast, atMost, wholeRuns } = concurrency
  const perSecond = closedRate(from, earlier)
  const runs = Math.min(atMost, Math.max(atLeast, Math.round(perSecond * secondsOfWork)))
  const runSeconds = wholeRuns > 0 && perSecond > 0 ? Math.min(runs / perSecond, longestRunSeconds) : 0
  return { concurrency: runs, warmupSeconds: Math.max(warmupSeconds, runSeconds), seconds: Math.max(seconds, wholeRuns * runSeconds) }
}

function closedRate(name: string, earlier: readonly PhaseRecorder[]): number {
  const source = earlier.find((phase) => phase.name === name && phase.kind === 'closed')
  if (source !== undefined) return source.endedPerSecond
  const found = earlier.filter(({ kind }) => kind === 'closed').map((phase) => `'${phase.name}'`).join(', ') || 'none'
  throw new Error(`expected an earlier closed phase named '${name}' to calibrate by, found ${found}; correct the plan`)
}
