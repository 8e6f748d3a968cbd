// The logs of a point as their lines, before they become evidence: what tests build, what corruptions change. For samples:
// whole points are read as streams.
import type { PointContext } from '../contract/context.ts'
import { bareRecord, type FaultLine, type HistoryLine, type JournalEntry, type LedgerLine, type TableLine } from '../contract/logs.ts'

export interface Logs {
  readonly context: PointContext
  readonly history: readonly HistoryLine[]
  readonly world: readonly LedgerLine[]
  readonly bare: readonly BareFile[]
  readonly journal: readonly JournalEntry[]
  /** Left out: the store's power was never cut. */
  readonly earlier?: readonly { readonly file: string; readonly entries: readonly JournalEntry[] }[]
  readonly faults: readonly FaultLine[]
  readonly table?: readonly TableLine[]
}

interface BareFile {
  readonly source: string
  readonly records: readonly BareRecord[]
}

export type BareRecord = { readonly n: number } & (
  | { readonly kind: 'tick'; readonly t: number }
  | { readonly kind: 'step'; readonly workflow: number; readonly seq: number; readonly nonce: number; readonly prev: number }
  | { readonly kind: 'end'; readonly count: number }
)

/** The same lines, numbered anew from 1, with an end that counts them. */
export function renumbered<L extends { readonly n: number }>(lines: readonly L[]): L[] {
  return lines.map((line, i) => {
    const copy = { ...line, n: i + 1 }
    if ('lines' in copy && typeof copy.lines === 'number') copy.lines = lines.length
    if ('count' in copy && typeof copy.count === 'number') copy.count = lines.length
    return copy
  })
}

/** The bytes of a bare ledger (layout: contract/logs.ts). */
export function encodeBare(runId: string, records: readonly BareRecord[]): Buffer {
  const { bytes, magic } = bareRecord
  const out = Buffer.alloc(bytes * (records.length + 1))
  out.write(magic, 0, 'latin1')
  out.writeUInt32LE(1, 4)
  out.write(runId.slice(0, 24), 8, 'latin1')
  records.forEach((record, i) => {
    const at = (i + 1) * bytes
    out.writeUInt32LE(record.n, at)
    out[at + 4] = bareRecord[record.kind]
    if (record.kind === 'tick') out.writeDoubleLE(record.t, at + 8)
    else if (record.kind === 'end') out.writeUInt32LE(record.count, at + 8)
    else {
      out.writeUInt32LE(record.workflow, at + 8)
      out.writeUInt32LE(record.seq, at + 12)
      out.writeDoubleLE(record.nonce, at + 16)
      out.writeDoubleLE(record.prev, at + 24)
    }
  })
  return out
}
