// Which steps a fault could have harmed: those under way when it hit what they used. A step counts as under way from its
// attempt until the next thing its run is seen to do, but no longer than its time-out.
import { timeoutOf } from './causes.ts'
import type { Evidence, Run } from './evidence.ts'
import { firstTerminal } from './path.ts'
import { stepsOf, type StepAttempt } from './steps.ts'
import { troublesOf } from './troubles.ts'

/** Steps of the run that were under way when a fault hit. */
export function exposedSteps(evidence: Evidence, run: Run): number {
  const { all } = stepsOf(evidence, run)
  const endedMs = firstTerminal(run)?.atMs ?? Infinity
  const exposed = new Set<number>()
  all.forEach((attempt, i) => {
    let next = i + 1
    while (next < all.length && all[next]!.seq <= attempt.seq) next++
    const nextMs = all[next]?.atMs ?? endedMs
    const untilMs = Math.min(nextMs, attempt.atMs + timeoutOf(evidence, run, attempt.world?.step ?? null))
    if (hits(evidence, attempt, attempt.atMs, untilMs)) exposed.add(attempt.seq)
  })
  return exposed.size
}

/** When the last fault hit the run while it was under way; null: none did. */
export function lastHitMs(evidence: Evidence, run: Run): number | null {
  const { all } = stepsOf(evidence, run)
  let lastMs: number | null = null
  all.forEach((attempt, i) => {
    const untilMs = all[i + 1]?.atMs
    if (untilMs === undefined) return
    for (const trouble of faultsOn(evidence, attempt)) if (trouble.fromMs >= attempt.atMs && trouble.fromMs <= untilMs) lastMs = Math.max(lastMs ?? 0, trouble.fromMs)
  })
  return lastMs
}

function hits(evidence: Evidence, attempt: StepAttempt, fromMs: number, untilMs: number): boolean {
  return faultsOn(evidence, attempt).some((trouble) => trouble.fromMs <= untilMs && trouble.untilMs >= fromMs)
}

function faultsOn(evidence: Evidence, attempt: StepAttempt): { fromMs: number; untilMs: number }[] {
  const troubles = troublesOf(evidence)
  return [...troubles.of(attempt.source), ...troubles.ofEverybody].filter((trouble) => trouble.isFault)
}
