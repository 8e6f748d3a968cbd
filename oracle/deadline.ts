// Until when a run may take: the scenario's bound, counted from the last heal or from its own start, whichever is later.
import type { Evidence, Run } from './evidence.ts'
import { troublesOf } from './troubles.ts'

/** Infinity when its scenario is not known: then nothing is late. */
export function judgedUntilMs(evidence: Evidence, run: Run): number {
  const livenessMs = evidence.context.point.livenessMs ?? evidence.scenarios.get(run.scenario)?.livenessMs ?? Infinity
  const lastStartMs = run.starts.reduce((last, start) => Math.max(last, start.invokedMs), 0)
  return Math.max(troublesOf(evidence).lastHealMs, lastStartMs) + livenessMs
}
