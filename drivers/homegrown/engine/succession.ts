// Who owns which runs: joining, taking over from the silent, leaving. Re-owning is a statement after the one that fences, so that it sees what the victim's last batch did.
import type { Link } from './link.ts'
import { pauseAfter, sqlState } from './link.ts'
import { nobody } from './owners.ts'
import { bereave, strikes } from './suspects.ts'
import { alive, heirOf, taken, transaction, type Taken, type Turns } from './transaction.ts'
import type { Guards } from './types.ts'

export interface Succession {
  readonly link: Link
  readonly schema: string
  readonly leaseMs: number
  readonly guards: Guards
  /** Of the code that this worker has: it takes runs of these, and of clients that named none. The first is its own. */
  readonly versions: readonly string[]
}

/** After a restart of the store nobody has had the chance to renew, so leases count from there at the earliest. */
const expired = (leaseMs: number): string =>
  `(expires = '-infinity' OR greatest(expires, pg_postmaster_start_time() + ${leaseMs} * interval '1 ms') < clock_timestamp())`

/** Makes a new incarnation; a living predecessor of the same identity is fenced, and its runs are ours. @returns its token */
export async function join({ link, schema: s, leaseMs, guards, versions }: Succession, name: string, identity: string): Promise<number> {
  const me = `currval(pg_get_serial_sequence('${s}.worker', 'id'))`
  for (;;) {
    try {
      const done = await transaction(link, [
        { text: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', values: [`${s} ${identity}`] },
        { text: `INSERT INTO ${s}.worker (name, identity, expires, versions) VALUES ($1, $2, clock_timestamp() + $3 * interval '1 ms', $4) RETURNING id`, values: [name, identity, leaseMs, versions] },
        { text: `INSERT INTO ${s}.turn (worker) VALUES (${me})` },
        // Locked for update first: a plain update of these columns would not wait for what the predecessor is just taking over.
        { text: `UPDATE ${s}.worker SET ${guards.revoke}, heir = ${me} WHERE id IN (SELECT id FROM ${s}.worker WHERE identity = $1 AND id <> ${me} AND NOT fenced FOR UPDATE)`, values: [identity] },
        { text: `UPDATE ${s}.active a SET owner = ${heirOf(me)}, ${bereave(s)} FROM ${s}.worker w WHERE $1::text IS NOT NULL AND w.heir = ${me} AND a.owner = w.id`, values: [identity, versions] },
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
  /** Somebody has been silent for too long. */
  readonly silent: boolean
  /** Runs of nobody could be ours. */
  readonly unowned: boolean
}

/** A cheap look: is there anything to take? */
export async function look({ link, schema: s, leaseMs, versions }: Succession, me: number): Promise<Situation> {
  const { rows: [row] } = await link.query({
    name: 'look',
    text: `SELECT pg_snapshot_xmin(pg_current_snapshot())::text,
      EXISTS (SELECT FROM ${s}.worker WHERE id <> $1 AND NOT fenced AND ${expired(leaseMs)}),
      EXISTS (SELECT FROM ${s}.active WHERE owner = ${nobody.ready} AND version IS NULL) OR EXISTS (SELECT FROM ${s}.active WHERE owner = ${nobody.ready} AND version = ANY($2::text[]))
      OR EXISTS (SELECT FROM ${s}.active WHERE owner = ${nobody.parked} AND wake_at <= clock_timestamp()) OR EXISTS (SELECT FROM ${s}.active WHERE owner = ${nobody.queued})`,
    values: [me, versions],
  })
  return { cursor: row![0] as string, silent: row![1] as boolean, unowned: row![2] as boolean }
}

/**
 * Fences whoever is silent and takes their runs. A victim whose batch is being written is left for the next time. Ours must be
 * a living incarnation, and stay one until the commit: the key-share lock holds off who would fence us.
 */
export async function takeOver({ link, schema: s, leaseMs, guards, versions }: Succession, turns: Turns): Promise<Taken[]> {
  const done = await transaction(link, [
    alive(s, turns),
    { text: `UPDATE ${s}.worker SET ${guards.revoke}, heir = $1 WHERE id IN (SELECT id FROM ${s}.worker WHERE id <> $1 AND NOT fenced AND ${expired(leaseMs)} FOR UPDATE SKIP LOCKED)`, values: [turns.worker] },
    { text: `UPDATE ${s}.active a SET owner = ${heirOf('$1')}, ${bereave(s)} FROM ${s}.worker w WHERE w.heir = $1 AND a.owner = w.id RETURNING wf, key, owner = $1, ${strikes}`, values: [turns.worker, versions] },
  ])
  return taken(done[2]!)
}

/** What is ours, by the store. No change that is still on its way can make it untrue: it takes a turn of its own first. */
export async function owned({ link, schema: s }: Succession, turns: Turns): Promise<Taken[]> {
  await transaction(link, [alive(s, turns)])
  return taken(await link.query({ text: `SELECT wf, key, true, ${strikes} FROM ${s}.active WHERE owner = $1 ORDER BY wf`, values: [turns.worker] }))
}

/** A clean leave: whoever looks next takes over, without waiting for the lease. */
export async function leave({ link, schema }: Succession, me: number): Promise<void> {
  await transaction(link, [{ text: `UPDATE ${schema}.worker SET expires = '-infinity' WHERE id = $1 AND NOT fenced`, values: [me] }])
}
