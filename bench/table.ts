// Reads what transactional steps left in the store, from the store: neither the engine nor its journal is asked.
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import type { TableLine } from '../contract/logs.ts'

/** `query` gives (workflow id, key), a row for each effect. */
export async function writeTable(postgresUrl: string, query: string, file: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl })
  await client.connect()
  try {
    const { rows } = await client.query<[string, string]>({ text: query, rowMode: 'array' })
    const lines = function* (): Generator<string> {
      for (const [workflowId, key] of rows) yield `${JSON.stringify({ workflowId, key } satisfies TableLine)}\n`
      yield `${JSON.stringify({ rows: rows.length } satisfies TableLine)}\n`
    }
    await pipeline(lines(), createWriteStream(file, { flags: 'wx' }))
  } finally {
    await client.end()
  }
}
