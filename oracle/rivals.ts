// Who met at a race's wait, and when: answers, the time-out, a cancel. And who says which of them decided: outcomes, the journal,
// and the world, where the first step after the wait carries the signal that woke it.
import type { Race } from '../contract/scenario.ts'
import { earliestTimeOutMs } from './clock-steps.ts'
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
 * Did two rivals come so close to each other that an engine had to choose? Answers and a cancel: at once, or within one poll of
 * each other, and no later than a poll after the wait. The time-out, of a completed run only: from a poll before its earliest moment on,
 * since an engine begins to count when it has recorded the wait.
 */
export function metRivals(evidence: Evidence, run: Run, { wait }: Race): boolean {
  const { pollMs } = evidence.context.budget
  const { dueMs, overMs } = waitOf(evidence, run, wait)
  const answers = [...Map.groupBy(run.signals.filter(({ name }) => name === wait), ({ signalId }) => signalId).values()]
  const arrivals = [...answers, run.cancels].flatMap(arrivalOf).filter(({ sentMs }) => sentMs <= overMs + pollMs).sort((a, b) => a.sentMs - b.sentMs)
  return arrivals.some(({ sentMs, takenMs }, i) => takenMs >= dueMs - pollMs || arrivals.slice(0, i).some((rival) => sentMs - rival.takenMs <= pollMs))
}

/** When its time-out was due at the earliest, and by when it was over: at the next step, or when it was due if that is later. */
function waitOf(evidence: Evidence, run: Run, wait: string): { readonly dueMs: number; readonly overMs: number } {
  const trace = traceOf(run)
  const never = { dueMs: Infinity, overMs: Infinity }
  if (trace === null) return never
  const { positions } = walk(evidence, run, trace)
  const at = positions.findIndex(({ entry }) => typeof entry === 'object' && 'wait' in entry && entry.wait === wait)
  const waiting = positions[at]
  if (typeof waiting?.entry !== 'object' || !('wait' in waiting.entry) || waiting.entry.timeoutMs === null) return never
  const dueMs = earliestTimeOutMs(evidence, waiting.floorMs, waiting.entry.timeoutMs)
  return { dueMs, overMs: Math.max(dueMs, positions[at + 1]?.attempt?.atMs ?? dueMs) }
}

/** When it was on its way: until the engine took it, or, if it never said so, when it was last told; nothing if it refused. */
function arrivalOf(calls: readonly Call[]): { readonly sentMs: number; readonly takenMs: number }[] {
  const accepted = calls.filter(({ answer }) => answer === 'ok').sort((a, b) => a.answeredMs - b.answeredMs)[0]
  const last = accepted ?? calls.findLast(({ answer }) => answer !== 'fail')
  return last === undefined ? [] : [{ sentMs: last.invokedMs, takenMs: accepted?.answeredMs ?? last.invokedMs }]
}
