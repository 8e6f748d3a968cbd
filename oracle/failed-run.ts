// A run that failed, of a scenario that leaves the judgement to the world: its body fails by its last step alone, and a step fails
// because it was refused or tried often enough. Else the engine failed it, for which it may have a reason only where something went wrong.
import type { Evidence, Run, Seen } from './evidence.ts'
import { childrenIn } from './families.ts'
import { wasRefused, wasTroubled } from './given-up.ts'
import { historyLine, type Violation } from './invariants/invariant.ts'
import { firstTerminal } from './path.ts'
import { stepsOf } from './steps.ts'
import { zombiesOf } from './zombies.ts'

/** null: there is nothing amiss, or nothing that the logs can tell. */
export function failedForNothing(evidence: Evidence, run: Run, { n, atMs, outcome }: Seen): Violation | null {
  if (outcome.status !== 'failed') return null
  const { code, message } = outcome.error
  const steps = evidence.scenarios.get(run.scenario)?.steps ?? {}
  // The world hears of none of these.
  const unseen = (childrenIn(evidence).get(run) ?? []).length > 0 || Object.values(steps).some(({ effect }) => effect === 'none') || evidence.booked !== null
  const about = { workflowId: run.id, lines: [historyLine({ n })], missing: ['world', 'faults'] as const }
  const sinceMs = run.starts.reduce((first, { invokedMs }) => Math.min(first, invokedMs), Infinity)
  if (code !== 'refused' && code !== 'exhausted') {
    if (wasTroubled(evidence, sinceMs, atMs)) return null
    // Where no run gets through it may be the body that throws, which is nobody's fault but its author's.
    return { ...about, summary: `a run failed though nothing had gone wrong: ${code}: ${message}`, ...(getsThrough(evidence, run) ? {} : { doubt: true as const }) }
  }
  if (unseen) return null
  const { bySeq, all } = stepsOf(evidence, run)
  if (code === 'refused') return all.some(wasRefused) ? null : { ...about, summary: 'a run failed as refused, which the world never did' }
  const zombies = zombiesOf(evidence, run)
  const tries = [...bySeq.values()].map((attempts) => attempts.filter((attempt) => !zombies.has(attempt)))
  const tired = tries.some((attempts) => attempts.length >= (steps[attempts[0]?.world?.step ?? '']?.retry.attempts ?? Infinity))
  return tired || wasTroubled(evidence, sinceMs, atMs) ? null : { ...about, summary: 'a run failed as exhausted, and no step of it was tried as often as its policy says' }
}

const through = new WeakMap<Evidence, ReadonlySet<string>>()

/** Some run of this one's scenario completed. */
function getsThrough(evidence: Evidence, { scenario }: Run): boolean {
  let known = through.get(evidence)
  if (known === undefined) through.set(evidence, (known = new Set(evidence.runs.filter((run) => firstTerminal(run)?.outcome.status === 'completed').map((run) => run.scenario))))
  return known.has(scenario)
}
