// The claim that every queue on Postgres begins with: one row a transaction, FOR UPDATE SKIP LOCKED, on as many connections as told.
import pg from 'pg'
import { payloadBytes } from './points.ts'
import { keepGoing, rateOf } from './rate.ts'
import type { Figures, SoloSettings } from './solo.ts'

/** More than any machine claims this way. */
const claimsPerSecond = 60_000

export async function measure({ url, connections, ...window }: SoloSettings & { readonly connections: number }): Promise<Figures> {
  const rows = Math.ceil((window.seconds + window.warmupSeconds) * claimsPerSecond)
  const pool = new pg.Pool({ connectionString: url, max: connections })
  await pool.query('CREATE TABLE queue (wf bigint PRIMARY KEY, owner bigint NOT NULL, tenant text NOT NULL, data text NOT NULL) WITH (fillfactor = 50)')
  await pool.query('CREATE INDEX queued ON queue (wf) WHERE owner = 0')
  await pool.query(`INSERT INTO queue SELECT n, 0, 'tenant-' || n % 10, repeat('x', ${payloadBytes}) FROM generate_series(1, ${rows}) n`)
  await pool.query('VACUUM ANALYZE queue')
  let claims = 0
  keepGoing(connections, async () => {
    const { rowCount } = await pool.query({ name: 'claim', text: 'UPDATE queue SET owner = 1 WHERE wf = (SELECT wf FROM queue WHERE owner = 0 ORDER BY wf LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING wf, data' })
    if (rowCount !== 1) throw new Error(`expected a row to claim, found none after ${claims}; make more than ${rows}`)
    claims++
  })
  return { perSecond: await rateOf(() => claims, window) }
}
