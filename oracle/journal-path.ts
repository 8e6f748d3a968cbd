// What the engine says it recorded, held against the outcome and the ledger. Which kinds of entry an engine's journal has at
// all is learned from the point: one that never tells of timers can't be asked for one.
import type { TraceEntry } from '../contract/logs.ts'
import { journalKinds, type Evidence, type Journal, type Run } from './evidence.ts'
import type { Violation } from './invariants/invariant.ts'
import { isUnledgered, winningNonces } from './path.ts'
import { stepsOf } from './steps.ts'

/** Indexes into journalKinds. */
export type Kinds = ReadonlySet<number>

const [start, step, signal, , , end] = journalKinds.map((_, i) => i) as [number, number, number, number, number, number]

export function kindsUsed(journal: Journal): Kinds {
  const kinds = new Set<number>()
  for (let row = 0; row < journal.count && kinds.size < journalKinds.length; row++) kinds.add(journal.kind[row]!)
  return kinds
}

/** `trace` null: the run has no output, so only journal and ledger are compared. */
export function journalFindings(evidence: Evidence, run: Run, trace: readonly TraceEntry[] | null, kinds: Kinds): Violation[] {
  const { journal } = evidence
  const { byNonce } = stepsOf(evidence, run)
  const violations: Violation[] = []
  const replies = new Map<number, number>()
  const signals = new Map<number, string>()
  let hasStart = false
  let hasEnd = false
  for (let row = journal.offsets[run.index]!; row < journal.offsets[run.index + 1]!; row++) {
    const kind = journal.kind[row]!
    const seq = journal.seq[row]!
    const nonce = journal.nonce[row]!
    const line = journal.line[row]!
    const about = { workflowId: run.id, seq, lines: [`journal.jsonl:${line}`] }
    hasStart ||= kind === start
    hasEnd ||= kind === end
    const signalId = journal.signalIds.get(line)
    if (kind === signal && signalId !== undefined) signals.set(seq, signalId)
    if (kind !== step || nonce === 0) continue
    if (replies.has(seq)) violations.push({ ...about, summary: 'the journal holds two replies for one step', missing: [] })
    replies.set(seq, nonce)
    const given = byNonce.get(nonce)
    if (given?.seq === seq) violations.push(...recordOf(evidence, row, given.world).map((summary) => ({ ...about, lines: [...about.lines, given.line], summary, missing: [] })))
    else if (given !== undefined) violations.push({ ...about, summary: `the journal holds the reply of another step (${given.seq})`, missing: [] })
    else if (!isUnledgered(evidence, run)) violations.push({ ...about, summary: 'the journal holds a reply that the ledger never gave', missing: ['world', 'bare'] })
  }
  if (trace === null) return violations
  const lacks = (what: string, seq: number): void => void violations.push({ summary: `the journal lacks ${what}`, workflowId: run.id, seq, lines: ['journal.jsonl'], missing: ['journal'] })
  const winners = winningNonces(evidence, run)
  for (const [seq, nonce] of winners) {
    const recorded = replies.get(seq)
    if (recorded === undefined) lacks('a step of the outcome', seq)
    else if (recorded !== nonce) violations.push({ summary: 'the journal holds another reply than the outcome', workflowId: run.id, seq, lines: ['journal.jsonl', ...(byNonce.get(nonce) ? [byNonce.get(nonce)!.line] : [])], missing: [] })
  }
  for (const seq of replies.keys()) if (!winners.has(seq)) violations.push({ summary: 'the journal holds a step that the outcome does not', workflowId: run.id, seq, lines: ['journal.jsonl'], missing: [] })
  trace.forEach((entry, i) => {
    if (typeof entry !== 'object' || !('wait' in entry)) return
    const recorded = signals.get(i + 1) ?? null
    if (recorded === null && entry.signalId !== null && kinds.has(signal)) lacks('a signal of the outcome', i + 1)
    else if (recorded !== null && recorded !== entry.signalId) violations.push({ summary: 'the journal holds another signal than the outcome', workflowId: run.id, seq: i + 1, lines: ['journal.jsonl'], missing: [] })
  })
  if (kinds.has(start) && !hasStart) lacks('the start of a completed run', 0)
  if (kinds.has(end) && !hasEnd) lacks('the end of a completed run', -1)
  return violations
}

/** What a record gets wrong about the attempt whose reply it holds. */
function recordOf({ journal }: Evidence, row: number, attempt: Run['attempts'][number] | null): string[] {
  if (attempt === null) return []
  const effect = journal.effectIds.get(journal.line[row]!)
  return [
    ...(effect !== undefined && effect !== attempt.reply?.effect ? ['the journal holds another effect than the ledger'] : []),
    ...(journal.inputHash[row] !== -1 && journal.inputHash[row] !== attempt.inputHash ? ['the journal holds another input than the ledger'] : []),
  ]
}
