// One statement over a connection of its own: rare (readiness, proofs, WAL position), so no pool stays open that would count as load.
import { Client } from 'pg'

const TIMEOUT_MS = 3_000

export async function query(url: string, text: string, timeoutMs = TIMEOUT_MS): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: TIMEOUT_MS, query_timeout: timeoutMs, application_name: 'durabench' })
  // After a failed connect or a killed server the socket may fail once more, with nobody waiting.
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end().catch(() => {})
  }
}

/** Bytes of write-ahead log since the cluster was made; only differences mean something. */
export async function walBytes(url: string): Promise<number> {
  const [row] = await query(url, `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::text as bytes`)
  return Number(row!['bytes'])
}
