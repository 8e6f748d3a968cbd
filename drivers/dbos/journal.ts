// What DBOS recorded, read in bulk from its system database: its own listWorkflowSteps takes two queries a workflow.
// Trade-off: tied to the tables of the pinned version. DBOS numbers operations its own way (a wait takes two numbers, a child
// two more), so the contract's seq comes from the step's name, the child's id, or the position after those.
import type pg from 'pg'
import { hash32 } from '../../contract/random.ts'
import type { JournalEntry, Reply, SignalEnvelope } from '../../contract/logs.ts'
import type { Json } from '../../contract/json.ts'

const idsPerRead = 1_000

interface StatusRow { readonly id: string; readonly status: string; readonly inputs: string | null }
interface OperationRow { readonly id: string; readonly f: number; readonly name: string; readonly output: string | null; readonly child: string | null }

/** Entries of the given top-level runs and their children, run by run. */
export async function* readJournal(pool: pg.Pool, ids: readonly string[]): AsyncIterable<JournalEntry> {
  for (let at = 0; at < ids.length; at += idsPerRead) {
    const family = await withChildren(pool, ids.slice(at, at + idsPerRead))
    const { rows: runs } = await pool.query<StatusRow>(
      `SELECT s.workflow_uuid AS id, s.status, COALESCE(i.inputs, s.inputs) AS inputs
         FROM dbos.workflow_status s LEFT JOIN dbos.workflow_input i USING (workflow_uuid) WHERE s.workflow_uuid = ANY($1)`, [family])
    const { rows } = await pool.query<OperationRow>(
      `SELECT workflow_uuid AS id, function_id AS f, function_name AS name, output, child_workflow_id AS child
         FROM dbos.operation_outputs WHERE workflow_uuid = ANY($1) ORDER BY workflow_uuid, function_id`, [family])
    const operations = Map.groupBy(rows, (row) => row.id)
    for (const run of runs) yield* entriesOf(run, operations.get(run.id) ?? [])
  }
}

async function withChildren(pool: pg.Pool, ids: readonly string[]): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `WITH RECURSIVE family AS (
       SELECT unnest($1::text[]) AS id
       UNION SELECT s.workflow_uuid FROM dbos.workflow_status s JOIN family f ON s.parent_workflow_id = f.id)
     SELECT id FROM family`, [ids])
  return rows.map((row) => row.id)
}

function* entriesOf(run: StatusRow, operations: readonly OperationRow[]): Iterable<JournalEntry> {
  const [input] = (decode(run.inputs) ?? []) as Json[]
  yield { workflowId: run.id, kind: 'start', seq: 0, ...(input === undefined ? {} : { inputHash: hash32(JSON.stringify(input)) }) }

  let seq = 0
  let previous: OperationRow | undefined
  for (const row of operations) {
    const entry = entryOf(row, previous, seq)
    if (entry !== null) {
      seq = Math.max(seq, entry.seq)
      yield entry
    } else if (row.child !== null) seq = Math.max(seq, seqOf(row.child, '/'))
    previous = row
  }
  if (['SUCCESS', 'ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'].includes(run.status)) yield { workflowId: run.id, kind: 'end', seq: -1 }
}

function entryOf(row: OperationRow, previous: OperationRow | undefined, seq: number): JournalEntry | null {
  const workflowId = row.id
  if (row.name === 'DBOS.getResult') return { workflowId, kind: 'child', seq: seqOf(row.child!, '/') }
  if (row.child !== null) return null // the child's start; its result is what counts
  if (row.name === 'DBOS.recv') {
    const envelope = decode(row.output) as SignalEnvelope | null
    return { workflowId, kind: 'signal', seq: seq + 1, ...(envelope === null ? {} : { signalId: envelope.s }) }
  }
  if (row.name === 'DBOS.sleep') {
    // The number before a wait's time-out is the wait itself, which is recorded when it ends.
    const timesOutAWait = previous?.name === 'DBOS.recv' ? previous.f === row.f - 1 : row.f - 1 > (previous?.f ?? -1)
    return timesOutAWait ? null : { workflowId, kind: 'timer', seq: seq + 1 }
  }
  const reply = decode(row.output) as Reply | null
  return {
    workflowId, kind: 'step', seq: seqOf(row.name, '#'),
    ...(reply === null ? {} : { nonce: reply.n, ...(reply.e === undefined ? {} : { effectId: reply.e }) }),
  }
}

function seqOf(text: string, mark: '/' | '#'): number {
  return Number(text.slice(text.lastIndexOf(mark) + 1))
}

/** DBOS stores superjson, which keeps plain JSON as it is under `json`. */
function decode(text: string | null): unknown {
  return text === null ? null : (JSON.parse(text) as { json: unknown }).json
}
