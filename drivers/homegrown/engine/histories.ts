// Reads runs that another incarnation began: their rows, timers and messages. Postgres puts a run's rows together as JSON, so that
// one parse here takes the place of a row by row decoding, which is what a take-over of long histories is made of.
import type { Json } from '../../../contract/json.ts'
import type { Link } from './link.ts'
import type { Message, RecordedRow, StoredRun } from './store.ts'
import { endSeq, kind, type Kind } from './unit.ts'

/** So many rows make one text, unless one is so large: neither side holds strings without bound. */
const rowsTogether = 64
const largeBytes = 1024 * 1024

interface History {
  readonly rows: Map<number, RecordedRow>
  readonly messages: Message[]
  readonly consumed: string[]
  readonly leftMs: Map<number, number>
}

/** Runs that have ended are left out. */
export async function readRuns(reader: Link, s: string, wfs: readonly number[]): Promise<StoredRun[]> {
  const read = (text: string): Promise<unknown[][]> => reader.query({ text, values: [wfs] }).then(({ rows }) => rows)
  // Written at once, answered in order. Messages last: what arrives after this read is found by the poll, whose cursor is older.
  const [pieces, timers, inbox] = await Promise.all([
    // Lateral, so that a run's rows are read in the order of the key and nothing is sorted over all runs.
    read(`SELECT a.wf, piece.* FROM ${s}.active a, LATERAL (
        SELECT ${['j.seq', 'j.kind', 'to_json(j.name)'].map((column) => `string_agg(${column}::text, ',')`).join(', ')}, string_agg(j.data, ',')
        FROM ${s}.journal j WHERE j.wf = a.wf AND j.seq >= a.base GROUP BY j.seq / ${rowsTogether}, CASE WHEN octet_length(j.data) > ${largeBytes} THEN j.seq END) piece
      WHERE a.wf = ANY($1)
      UNION ALL SELECT a.wf, j.seq::text, j.kind::text, to_json(j.name)::text, j.data FROM ${s}.active a JOIN ${s}.journal j ON j.wf = a.wf AND j.seq = 0 WHERE a.wf = ANY($1) AND a.base > 0`),
    read(`SELECT wf, seq, extract(epoch FROM wake_at - clock_timestamp())::float8 * 1000 FROM ${s}.timer WHERE wf = ANY($1)`),
    read(`SELECT wf, n, msg_id, name, payload, consumed_seq IS NOT NULL FROM ${s}.inbox WHERE wf = ANY($1) ORDER BY n`),
  ])
  const histories = new Map<number, History>(wfs.map((wf) => [wf, { rows: new Map(), messages: [], consumed: [], leftMs: new Map() }]))
  for (const [wf, ...lists] of pieces as string[][]) {
    const { rows } = histories.get(Number(wf))!
    const [seqs, kinds, names, values] = JSON.parse(`[[${lists.join('],[')}]]`) as [number[], Kind[], string[], Json[]]
    for (const [i, seq] of seqs.entries()) rows.set(seq, { seq, kind: kinds[i]!, name: names[i]!, value: values[i]! })
  }
  for (const [wf, seq, left] of timers as [string, number, number][]) histories.get(Number(wf))!.leftMs.set(seq, left)
  for (const [wf, n, id, name, payload, consumed] of inbox as [string, string, string, string, string, boolean][]) {
    const history = histories.get(Number(wf))!
    if (consumed) history.consumed.push(id)
    else history.messages.push({ n, id, name, payload })
  }
  return [...histories].filter(([, { rows }]) => rows.has(0) && !rows.has(endSeq)).map(([wf, history]) => stored(wf, history))
}

function stored(wf: number, history: History): StoredRun {
  const { name: workflow, value } = history.rows.get(0)!
  const renewal = [...history.rows.values()].find((row) => row.kind === kind.renewed)
  return { wf, workflow, input: renewal === undefined ? value : renewal.value, ...history }
}
