// The engine's rows as journal entries: what a step returned is a Reply, and its nonce and effect are the evidence.
import type { JournalEntry, Reply, SignalEnvelope } from '../../contract/logs.ts'
import { kind, readJournal, type JournalRow, type Link } from './engine/index.ts'

const idsAtOnce = 1_000

/** Runs and their children, a thousand runs a read. */
export async function* exportJournal(link: Link, schema: string, ids: readonly string[]): AsyncIterable<JournalEntry> {
  for (let i = 0; i < ids.length; i += idsAtOnce) {
    for (const row of await readJournal(link, schema, ids.slice(i, i + idsAtOnce))) if (row.kind !== kind.renewed) yield entry(row)
  }
}

function entry({ id: workflowId, seq, kind: k, data }: JournalRow): JournalEntry {
  if (k === kind.start) return { workflowId, kind: 'start', seq: 0 }
  if (k >= kind.completed) return { workflowId, kind: 'end', seq: -1 }
  if (k === kind.slept) return { workflowId, kind: 'timer', seq }
  if (k === kind.timeout) return { workflowId, kind: 'signal', seq }
  if (k === kind.signal) return { workflowId, kind: 'signal', seq, signalId: (data as SignalEnvelope).s }
  if (k === kind.child || k === kind.childFailed) return { workflowId, kind: 'child', seq }
  if (k === kind.rows) return { workflowId, kind: 'step', seq, effectId: `${workflowId}/${seq}` }
  if (k === kind.stepFailed) return { workflowId, kind: 'step', seq }
  const { n, e } = data as Reply
  return { workflowId, kind: 'step', seq, nonce: n, ...(e === undefined ? {} : { effectId: e }) }
}
