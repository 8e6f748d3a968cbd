// Who owns which runs: joining, taking over from the silent, claiming what nobody owns, leaving. Each is a transaction
// written in one go. Re-owning is a statement after the one that fences, so that it sees what the victim's last batch did.
import type { Link, Query, Rows } from './link.ts'
import { pauseAfter, sqlState } from './link.ts'
import type { Guards } from './types.ts'

export interface Succession {
  readonly link: Link
  readonly schema: string
  readonly leaseMs: number
  readonly guards: Guards
}

const claimAtMost = 1_000

/** After a restart of the store nobody has had the chance to renew, so leases count from there at the earliest. */
const expired = (leaseMs: number): string =>
  `(expires = '-infinity' OR greatest(expires, pg_postmaster_start_time() + ${leaseMs} * interval '1 ms') < clock_timestamp())`

/** Makes a new incarnation; a living predecessor of the same identity is fenced, and its runs are ours. @returns its token */
export async function join({ link, schema: s, leaseMs, guards }: Succession, name: string, identity: string): Promise<number> {
  const me = `currval(pg_get_serial_sequence('${s}.worker', 'id'))`
  for (;;) {
    try {
      const done = await transaction(link, [
        { text: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', values: [`${s} ${identity}`] },
        { text: `INSERT INTO ${s}.worker (name, identity, expires) VALUES ($1, $2, clock_timestamp() + $3 * interval '1 ms') RETURNING id`, values: [name, identity, leaseMs] },
        { text: `UPDATE ${s}.worker SET ${guards.revoke}, heir = ${me} WHERE identity = $1 AND id <> ${me} AND NOT fenced`, values: [identity] },
        { text: `UPDATE ${s}.active SET owner = ${me} WHERE owner IN (SELECT id FROM ${s}.worker WHERE heir = ${me})` },
      ])
      return Number(done[1]!.rows[0]![0])
    } catch (error) {
      if (sqlState(error) !== null) throw error
      await pauseAfter(error) // had it committed, the next one succeeds it: same identity
    }
  }
}

export interface Situation {
  /** Messages of transactions from here on may not have been seen. */
  readonly cursor: string
  readonly vacancies: boolean
}

/** A cheap look: is there anything to take? */
export async function look({ link, schema: s, leaseMs }: Succession, me: number): Promise<Situation> {
  const { rows: [row] } = await link.query({
    name: 'look',
    text: `SELECT pg_snapshot_xmin(pg_current_snapshot())::text,
      EXISTS (SELECT FROM ${s}.worker WHERE id <> $1 AND NOT fenced AND ${expired(leaseMs)}) OR EXISTS (SELECT FROM ${s}.active WHERE owner = 0)`,
    values: [me],
  })
  return { cursor: row![0] as string, vacancies: row![1] as boolean }
}

/**
 * Fences whoever is silent and takes their runs, and runs of nobody. A victim whose batch is being written is left for the
 * next time. Ours must be a living incarnation, and stay one until the commit: the key-share lock holds off who would fence us.
 */
export async function take({ link, schema: s, leaseMs, guards }: Succession, me: number): Promise<void> {
  await transaction(link, [
    { text: `SELECT ${s}.must_hold((SELECT count(*) FROM (SELECT 1 FROM ${s}.worker WHERE id = $1 AND NOT fenced FOR KEY SHARE) me))`, values: [me] },
    { text: `UPDATE ${s}.worker SET ${guards.revoke}, heir = $1 WHERE id IN (SELECT id FROM ${s}.worker WHERE id <> $1 AND NOT fenced AND ${expired(leaseMs)} FOR UPDATE SKIP LOCKED)`, values: [me] },
    { text: `UPDATE ${s}.active SET owner = $1 WHERE owner IN (SELECT id FROM ${s}.worker WHERE heir = $1)`, values: [me] },
    { text: `UPDATE ${s}.active SET owner = $1 WHERE wf IN (SELECT wf FROM ${s}.active WHERE owner = 0 LIMIT ${claimAtMost} FOR UPDATE SKIP LOCKED)`, values: [me] },
  ])
}

/** What is ours, by the store. */
export async function owned({ link, schema }: Succession, me: number): Promise<{ wf: number; id: string }[]> {
  const { rows } = await link.query({ text: `SELECT wf, key FROM ${schema}.active WHERE owner = $1 ORDER BY wf`, values: [me] })
  return rows.map(([wf, key]) => ({ wf: Number(wf), id: key as string }))
}

/** A clean leave: whoever looks next takes over, without waiting for the lease. */
export async function leave({ link, schema }: Succession, me: number): Promise<void> {
  await link.query({ text: `UPDATE ${schema}.worker SET expires = '-infinity' WHERE id = $1 AND NOT fenced`, values: [me] })
}

async function transaction(link: Link, queries: readonly Query[]): Promise<Rows[]> {
  const answers = await link.pipeline([{ text: 'BEGIN' }, ...queries, { text: 'COMMIT' }])
  const failed = answers.find((answer) => answer.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  const done = answers.map((answer) => (answer as PromiseFulfilledResult<Rows>).value)
  if (done.at(-1)!.command !== 'COMMIT') throw new Error(`expected COMMIT, the store answered ${done.at(-1)!.command}`)
  return done.slice(1, -1)
}
