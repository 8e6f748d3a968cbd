// Who met at a race's wait, and when: answers, the time-out, a cancel. And who says which of them decided: outcomes, the journal,
// and the world, where the first step after the wait carries the signal that woke it.
import type { Race } from '../contract/scenario.ts'
import type { Call, Evidence, Run } from './evidence.ts'
import { journalKinds } from './evidence.ts'
import { outputIn, traceOf } from './path.ts'
import { stepsOf } from './steps.ts'
import { walk } from './walk.ts'

export interface Claim {
  /** The id of the signal that decided; null: the time-out did. */
  readonly signalId: string | null
  readonly line: string
}

/** What each witness says decided; those that say nothing of it are left out. */
export function claimsOf(evidence: Evidence, run: Run, { wait }: Race): Claim[] {
  const claims: Claim[] = []
  for (const seen of run.seen) {
    const entry = outputIn(seen)?.trace.find((entry) => typeof entry === 'object' && 'wait' in entry && entry.wait === wait)
    if (typeof entry === 'object' && 'wait' in entry) claims.push({ signalId: entry.signalId, line: `history.jsonl#${seen.n}` })
  }
  const answers = new Set(run.signals.filter(({ name }) => name === wait).map(({ signalId }) => signalId))
  const { journal } = evidence
  for (let row = journal.offsets[run.index]!; row < journal.offsets[run.index + 1]!; row++) {
    const signalId = journal.kind[row] === signalKind ? journal.signalIds.get(journal.line[row]!) : undefined
    if (signalId !== undefined && answers.has(signalId)) claims.push({ signalId, line: `journal.jsonl:${journal.line[row]!}` })
  }
  for (const attempt of stepsOf(evidence, run).all) {
    for (const token of attempt.prev) {
      const signalId = typeof token === 'string' && token.startsWith(signalToken) ? token.slice(signalToken.length) : null
      if (signalId !== null && answers.has(signalId)) claims.push({ signalId, line: attempt.line })
    }
  }
  return claims
}

const signalKind = journalKinds.indexOf('signal')
const signalToken = 'signal:'

/**
 * Did two rivals come so close to each other that an engine had to choose? Close: within one poll. When the time-out came is
 * known of a completed run only: it counts from the answer to the step before the wait, which is the earliest that it can be.
 */
export function metRivals(evidence: Evidence, run: Run, { wait }: Race): boolean {
  const trace = traceOf(run)
  const waiting = trace === null ? undefined : walk(evidence, run, trace).positions.find(({ entry }) => typeof entry === 'object' && 'wait' in entry && entry.wait === wait)
  const timeoutMs = typeof waiting?.entry === 'object' && 'wait' in waiting.entry ? waiting.entry.timeoutMs : null
  const dueMs = timeoutMs === null ? Infinity : waiting!.floorMs + timeoutMs
  const answers = [...Map.groupBy(run.signals.filter(({ name }) => name === wait), ({ signalId }) => signalId).values()]
  const { pollMs } = evidence.context.budget
  const times = [...[...answers, run.cancels].flatMap(arrivedMs), ...(dueMs === Infinity ? [] : [dueMs])].filter((ms) => ms <= dueMs + pollMs).sort((a, b) => a - b)
  return times.some((ms, i) => i > 0 && ms - times[i - 1]! <= pollMs)
}

/** When the engine took it, or, if it never said so, when it was last told; nothing if it refused. */
function arrivedMs(calls: readonly Call[]): number[] {
  const accepted = calls.filter(({ answer }) => answer === 'ok').map(({ answeredMs }) => answeredMs)
  if (accepted.length > 0) return [Math.min(...accepted)]
  const unsure = calls.filter(({ answer }) => answer !== 'fail').map(({ invokedMs }) => invokedMs)
  return unsure.length > 0 ? [Math.max(...unsure)] : []
}
