// The path that won: the trace in a completed run's output, or, where there is none, the replies that the engine recorded.
import type { Output, TraceEntry } from '../contract/logs.ts'
import { journalKinds, type Evidence, type Run, type Seen } from './evidence.ts'

export function isTerminal(seen: Seen): boolean {
  const { status } = seen.outcome
  return status === 'completed' || status === 'failed' || status === 'cancelled'
}

export function firstTerminal(run: Run): Seen | undefined {
  return run.seen.find(isTerminal)
}

/** The output of the first completed outcome that a reader saw; null when there is none, or when it is not an Output. */
export function outputOf(run: Run): Output | null {
  const completed = run.seen.find((seen) => seen.outcome.status === 'completed')
  return completed === undefined ? null : outputIn(completed)
}

export function outputIn({ outcome }: Seen): Output | null {
  if (outcome.status !== 'completed') return null
  const output = outcome.output as Partial<Output> | null
  return typeof output === 'object' && output !== null && Array.isArray(output.trace) ? (output as Output) : null
}

export function traceOf(run: Run): readonly TraceEntry[] | null {
  return outputOf(run)?.trace ?? null
}

const stepKind = journalKinds.indexOf('step')

/** The reply of each seq of the winning path. */
export function winningNonces(evidence: Evidence, run: Run): ReadonlyMap<number, number> {
  const trace = traceOf(run)
  if (trace === null) return journalNonces(evidence, run)
  const nonces = new Map<number, number>()
  trace.forEach((entry, i) => {
    if (typeof entry === 'number') nonces.set(i + 1, entry)
  })
  return nonces
}

/** What the engine recorded as replies, by seq; of a seq that is there twice, the last. */
function journalNonces({ journal }: Evidence, run: Run): ReadonlyMap<number, number> {
  const nonces = new Map<number, number>()
  for (let row = journal.offsets[run.index]!; row < journal.offsets[run.index + 1]!; row++) {
    if (journal.kind[row] === stepKind && journal.nonce[row] !== 0) nonces.set(journal.seq[row]!, journal.nonce[row]!)
  }
  return nonces
}

/** Every nonce that entered a path: of any output that was read, and of the journal. */
export function recordedNonces(evidence: Evidence, run: Run): ReadonlySet<number> {
  const nonces = new Set<number>()
  for (const seen of run.seen) for (const entry of outputIn(seen)?.trace ?? []) if (typeof entry === 'number') nonces.add(entry)
  const { journal } = evidence
  for (let row = journal.offsets[run.index]!; row < journal.offsets[run.index + 1]!; row++) if (journal.nonce[row] !== 0) nonces.add(journal.nonce[row]!)
  return nonces
}

/** The plan turned the ledger of bare steps off, and this run has such steps: nonces that no ledger knows may be theirs. */
export function isUnledgered({ context, scenarios }: Evidence, run: Run): boolean {
  return context.point.bareLedger === 'off' && Object.values(scenarios.get(run.scenario)?.steps ?? {}).some((step) => step.effect === 'none')
}
