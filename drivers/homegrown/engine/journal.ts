// Reads for those outside: how runs ended, and every row of them. Bulk, in one statement each.
import type { Json } from '../../../contract/json.ts'
import { persist, type Link } from './link.ts'
import type { Outcome } from './types.ts'
import { endSeq, kind, type Kind } from './unit.ts'

export interface JournalRow {
  readonly id: string
  readonly seq: number
  readonly kind: Kind
  readonly name: string
  readonly data: Json
}

export async function readOutcomes(link: Link, schema: string, ids: readonly string[]): Promise<Map<string, Outcome>> {
  const { rows } = await persist(() => link.query({
    name: 'outcomes',
    text: `SELECT k.key, j.kind, j.data, j.kind IS NULL AND NOT EXISTS (SELECT FROM ${schema}.active a WHERE a.wf = k.wf)
      FROM ${schema}.wf_key k LEFT JOIN ${schema}.journal j ON j.wf = k.wf AND j.seq = ${endSeq} WHERE k.key = ANY($1)`,
    values: [ids],
  }))
  const outcomes = new Map<string, Outcome>(ids.map((id) => [id, { status: 'absent' }]))
  for (const [key, k, data, gone] of rows as [string, Kind | null, string, boolean][]) outcomes.set(key, k === null ? { status: gone ? 'forgotten' : 'running' } : decodeOutcome(k, data))
  return outcomes
}

export function decodeOutcome(k: Kind, data: string): Outcome {
  if (k === kind.completed) return { status: 'completed', output: JSON.parse(data) as Json }
  if (k === kind.failed) return { status: 'failed', error: JSON.parse(data) as { code: string; message: string } }
  return { status: 'cancelled' }
}

/** All rows of these runs and of their children, run by run, in order. */
export async function readJournal(link: Link, schema: string, ids: readonly string[]): Promise<JournalRow[]> {
  // '/' and '0' are neighbours in the "C" collation: everything that begins with `<id>/` lies between them.
  const { rows } = await persist(() => link.query({
    text: `WITH asked AS (SELECT unnest($1::text[]) AS id), runs AS (
        SELECT k.key, k.wf FROM asked JOIN ${schema}.wf_key k ON k.key = asked.id
        UNION SELECT k.key, k.wf FROM asked JOIN ${schema}.wf_key k ON k.key > asked.id || '/' COLLATE "C" AND k.key < asked.id || '0' COLLATE "C")
      SELECT key, seq, kind, name, data FROM runs JOIN ${schema}.journal USING (wf) ORDER BY key, seq`,
    values: [ids],
  }))
  return (rows as [string, number, Kind, string, string][]).map(([id, seq, k, name, data]) => ({ id, seq, kind: k, name, data: data === '' ? null : (JSON.parse(data) as Json) }))
}
