// The quick look at a run of bare steps alone: ledger, journal and outcome lie side by side, each reply after the one before
// it. Whatever is not exactly so gets the thorough look, so this needs to explain nothing.
import type { TraceEntry } from '../contract/logs.ts'
import { journalKinds, type Evidence, type Run } from './evidence.ts'
import type { Kinds } from './journal-path.ts'

const start = journalKinds.indexOf('start')
const step = journalKinds.indexOf('step')
const end = journalKinds.indexOf('end')

/** `kinds` null: the driver has no journal. */
export function isStraight({ bare, journal }: Evidence, run: Run, trace: readonly TraceEntry[], kinds: Kinds | null): boolean {
  const from = bare.offsets[run.index]!
  if (run.attempts.length > 0 || trace.length === 0 || bare.offsets[run.index + 1]! - from !== trace.length) return false
  for (let i = 0; i < trace.length; i++) {
    if (bare.seq[from + i] !== i + 1 || bare.nonce[from + i] !== trace[i] || bare.prev[from + i] !== (i === 0 ? 0 : trace[i - 1])) return false
  }
  if (kinds === null) return true
  // Rows are ordered by seq: the end has -1, the start 0.
  let row = journal.offsets[run.index]!
  if (kinds.has(end) && journal.kind[row++] !== end) return false
  if (kinds.has(start) && journal.kind[row++] !== start) return false
  if (journal.offsets[run.index + 1]! - row !== trace.length) return false
  for (let i = 0; i < trace.length; i++) {
    if (journal.kind[row + i] !== step || journal.seq[row + i] !== i + 1 || journal.nonce[row + i] !== trace[i]) return false
  }
  return true
}
