// Rates and concurrencies that a plan leaves to an earlier closed phase: engines differ a thousandfold, so no constant fits all.
import type { Calibrated, LoadPhase } from '../contract/plan.ts'
import type { PhaseRecorder } from './recorder.ts'

/** Runs per second. */
export function rateOf(rate: Extract<LoadPhase, { kind: 'open' }>['rate'], earlier: readonly PhaseRecorder[]): number {
  return 'perSecond' in rate ? rate.perSecond : closedRate(rate.shareOf, earlier) * rate.share
}

/** Runs in flight. */
export function concurrencyOf(concurrency: number | Calibrated, earlier: readonly PhaseRecorder[]): number {
  if (typeof concurrency === 'number') return concurrency
  const wanted = Math.round(closedRate(concurrency.from, earlier) * concurrency.secondsOfWork)
  return Math.min(concurrency.atMost, Math.max(concurrency.atLeast, wanted))
}

function closedRate(name: string, earlier: readonly PhaseRecorder[]): number {
  const source = earlier.find((phase) => phase.name === name && phase.kind === 'closed')
  if (source !== undefined) return source.endedPerSecond
  const found = earlier.filter(({ kind }) => kind === 'closed').map((phase) => `'${phase.name}'`).join(', ') || 'none'
  throw new Error(`expected an earlier closed phase named '${name}' to calibrate by, found ${found}; correct the plan`)
}
