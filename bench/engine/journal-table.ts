// A table like the engine's journal, and the rows of one of its runs: read from the store's catalogue and from a run that was really
// played, so that raw writers write the same bytes into the same columns, key and partitions, whatever the engine makes of them.
import { writeFileSync } from 'node:fs'
import pg from 'pg'
import { migrate } from '../../drivers/homegrown/engine/index.ts'
import { openWorker, policy, schema } from './alone.ts'
import { payloadBytes, stepsPerRun } from './points.ts'

/** As a worker's first nonces are (worker/nonces.ts). */
const nonce = 2 ** 40
export const runsPerPartition = 1_000_000

export interface JournalTable {
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
}

/** Makes the table in a fresh store and writes the template that bench/engine/c reads. */
export async function journalTable(url: string, templateFile: string, partitions: number): Promise<JournalTable> {
  await migrate(url, schema)
  await playOneRun(url)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const columns = await columnsOf(client)
    writeFileSync(templateFile, await template(client, columns))
    const { rows: [key] } = await client.query<{ key: string | null }>(`SELECT pg_get_partkeydef('${schema}.journal'::regclass) AS key`)
    await client.query(`CREATE SCHEMA raw; CREATE TABLE raw.journal (LIKE ${schema}.journal INCLUDING ALL) ${key!.key === null ? '' : `PARTITION BY ${key!.key}`}`)
    for (let part = 0; key!.key !== null && part < partitions; part++) {
      await client.query(`CREATE TABLE raw.journal_${part} PARTITION OF raw.journal FOR VALUES FROM (${part * runsPerPartition}) TO (${(part + 1) * runsPerPartition})`)
    }
    return { name: 'raw.journal', columns }
  } finally {
    await client.end()
  }
}

/** What the harness's bare steps leave: envelopes as input, replies with a nonce as results, the trace as output. */
async function playOneRun(url: string): Promise<void> {
  const worker = await openWorker(url, 'template', async (run) => {
    for (let seq = 1; seq <= stepsPerRun; seq++) await run.step(seq, 'noop', policy, () => Promise.resolve({ v: 'x'.repeat(payloadBytes), n: nonce + seq }))
    return { value: stepsPerRun, trace: Array.from({ length: stepsPerRun }, (_, i) => nonce + i + 1) }
  })
  await worker.start('steps', 'template-0', { steps: stepsPerRun, payloadBytes })
  await worker.outcome('template-0')
  await worker.close(1_000)
}

type Column = JournalTable['columns'][number] & { readonly oid: number; readonly send: string }

async function columnsOf(client: pg.Client): Promise<Column[]> {
  const { rows } = await client.query<Column>(`SELECT attname AS name, format_type(atttypid, NULL) AS type, atttypid::int AS oid, typsend::text AS send
    FROM pg_attribute JOIN pg_type t ON t.oid = atttypid WHERE attrelid = '${schema}.journal'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`)
  if (rows[0]?.type !== 'bigint') throw new Error(`expected the first column of the engine's journal to be the run's number, a bigint, found ${rows[0]?.name} ${rows[0]?.type}; adapt bench/engine/c`)
  return rows
}

/** As hexadecimal, since pg reads every answer as text. */
async function template(client: pg.Client, columns: readonly Column[]): Promise<Buffer> {
  const { rows } = await client.query<(string | null)[]>({
    text: `SELECT ${columns.map(({ name, send }) => `encode(${send}(${name}), 'hex')`).join(', ')} FROM ${schema}.journal ORDER BY ${columns[0]!.name}, ${columns[1]!.name}`,
    rowMode: 'array',
  })
  const word = (value: number): Buffer => {
    const bytes = Buffer.alloc(4)
    bytes.writeInt32BE(value)
    return bytes
  }
  const body = columns.flatMap(({ oid }, c) => {
    const values = Buffer.concat(rows.flatMap((row) => {
      if (row[c] == null) throw new Error(`expected no NULL in the engine's journal, found one in ${columns[c]!.name}; adapt bench/engine/c`)
      const bytes = Buffer.from(row[c], 'hex')
      return [word(bytes.length), bytes]
    }))
    return [word(oid), word(values.length), values]
  })
  return Buffer.concat([word(rows.length), word(columns.length), ...body])
}
