// Why a step was attempted again: a cause of its own between an attempt and the one before it, or none.
// Trade-off: processes see each other late. The world may read an attempt a little after its worker died, so the end of a
// window is compared with `observationMs` of tolerance. Its beginning is not: chaos notes a fault before it acts.
import type { Evidence, Run } from './evidence.ts'
import type { StepAttempt } from './steps.ts'
import { observationMs, troublesOf } from './troubles.ts'

/** What excuses `extra`, given the attempt before it; null: nothing does. The label says which fault, status or time-out. */
export function causeOf(evidence: Evidence, run: Run, before: StepAttempt, extra: StepAttempt): string | null {
  const troubles = troublesOf(evidence)
  const between = (trouble: { fromMs: number; untilMs: number }): boolean =>
    trouble.fromMs <= extra.atMs && trouble.untilMs >= before.atMs - observationMs
  const found = troubles.of(before.source).find(between) ?? troubles.of(extra.source).find((trouble) => trouble.isPause && between(trouble))
  return found?.label ?? answerCause(evidence, run, before, extra) ?? troubles.ofEverybody.find(between)?.label ?? null
}

/** A cause that lies in how the world answered, or did not. */
export function answerCause(evidence: Evidence, run: Run, before: StepAttempt, extra: StepAttempt): string | null {
  if (before.world === null) return null
  const { reply } = before.world
  if (reply?.hung === true) return 'no answer'
  if (reply !== null && reply.atMs <= extra.atMs && isRetryable(reply.status)) return `status ${reply.status}`
  const timeoutMs = timeoutOf(evidence, run, before.world.step)
  const answeredInTime = reply !== null && reply.atMs - before.atMs < timeoutMs - observationMs
  return !answeredInTime && extra.atMs - before.atMs >= timeoutMs - observationMs ? 'time-out' : null
}

export function isRetryable(status: number): boolean {
  return status === 408 || status === 429 || status >= 500
}

/** The declared time-out of a step; of a bare step, whose name is not recorded, the longest of its scenario. */
export function timeoutOf(evidence: Evidence, run: Run, step: string | null): number {
  const steps = evidence.scenarios.get(run.scenario)?.steps ?? {}
  if (step !== null && steps[step] !== undefined) return steps[step].timeoutMs
  return Math.max(0, ...Object.values(steps).map((spec) => spec.timeoutMs))
}
