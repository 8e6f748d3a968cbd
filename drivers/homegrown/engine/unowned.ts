// Runs that no worker holds: claimed when they are ready, due, or there is room for them; parked while they only wait; put
// aside when they can't go on.
import { nobody } from './owners.ts'
import type { Succession } from './succession.ts'
import { strikes } from './suspects.ts'
import { alive, heirOf, taken, transaction, type Taken, type Turns } from './transaction.ts'
import { endSeq } from './unit.ts'

const claimAtMost = 5_000

/** Takes runs of nobody: those whose time has come, those that are ready, and of each tenant as many as there is room for. */
export async function claim({ link, schema: s, versions }: Succession, turns: Turns): Promise<Taken[]> {
  const runnable = '(version IS NULL OR version = ANY($2::text[]))'
  const done = await transaction(link, [
    alive(s, turns),
    {
      text: `UPDATE ${s}.active SET owner = ${heirOf('$1')}, wake_at = NULL WHERE wf IN
        (SELECT wf FROM ${s}.active WHERE owner = ${nobody.parked} AND wake_at <= clock_timestamp() ORDER BY wake_at LIMIT ${claimAtMost} FOR UPDATE SKIP LOCKED) RETURNING wf, key, owner = $1, ${strikes}`,
      values: [turns.worker, versions],
    },
    {
      text: `UPDATE ${s}.active SET owner = $1 WHERE wf IN
        (SELECT wf FROM ${s}.active WHERE owner = ${nobody.ready} AND ${runnable} LIMIT ${claimAtMost} FOR UPDATE SKIP LOCKED) RETURNING wf, key, true, ${strikes}`,
      values: [turns.worker, versions],
    },
    // Equal shares of a claim, so that no queue is read beyond what is taken; what one tenant leaves of its share the next claim gives to the others.
    // Who fills a tenant up holds its row. Counting is a statement of its own, after it, so that it sees what the last one took.
    {
      text: `UPDATE ${s}.tenant SET claimed = pg_current_xact_id() WHERE name IN
        (SELECT name FROM ${s}.tenant t WHERE EXISTS (SELECT FROM ${s}.active q WHERE q.owner = ${nobody.queued} AND q.tenant = t.name) ORDER BY name FOR UPDATE SKIP LOCKED)`,
    },
    {
      text: `UPDATE ${s}.active SET owner = $1 WHERE wf IN (SELECT wf FROM (
          SELECT q.wf, row_number() OVER (PARTITION BY t.name ORDER BY q.wf) AS turn FROM ${s}.tenant t, LATERAL (
            SELECT wf FROM ${s}.active WHERE owner = ${nobody.queued} AND tenant = t.name AND ${runnable} ORDER BY wf
            LIMIT greatest(0, least((SELECT ${claimAtMost} / count(*) + 1 FROM ${s}.tenant WHERE claimed = pg_current_xact_id()),
              t.cap - (SELECT count(*) FROM ${s}.active r WHERE r.tenant = t.name AND r.owner <> ${nobody.queued})))) q
          WHERE t.claimed = pg_current_xact_id()) fair ORDER BY turn LIMIT ${claimAtMost}) RETURNING wf, key, true, ${strikes}`,
      values: [turns.worker, versions],
    },
  ])
  return [done[1]!, done[2]!, done[4]!].flatMap(taken)
}

/** A run that may leave memory: what it waits for, and what would have ended that meanwhile. */
export interface Parkable {
  readonly wf: number
  readonly awaits: string
  readonly timerSeq: number | null
  readonly children: readonly string[]
}

/**
 * Hands runs that only wait to nobody. Locked first and looked at afterwards: a message or a child's end that was written
 * before is seen here, and one that comes later finds the run parked and makes it ready. @returns which were parked
 */
export async function park({ link, schema: s }: Succession, turns: Turns, runs: readonly Parkable[]): Promise<Set<number>> {
  const wfs = runs.map(({ wf }) => wf)
  const children = runs.flatMap(({ wf, children: keys }) => keys.map((key) => ({ wf, key })))
  const done = await transaction(link, [
    alive(s, turns),
    { text: `SELECT 1 FROM ${s}.active WHERE wf = ANY($1::int8[]) ORDER BY wf FOR NO KEY UPDATE`, values: [wfs] },
    {
      text: `UPDATE ${s}.active a SET owner = ${nobody.parked}, awaits = u.awaits, wake_at = t.wake_at
        FROM unnest($2::int8[], $3::text[], $4::int4[]) u (wf, awaits, seq) LEFT JOIN ${s}.timer t ON t.wf = u.wf AND t.seq = u.seq
        WHERE a.wf = u.wf AND a.owner = $1
          AND NOT EXISTS (SELECT FROM ${s}.inbox i WHERE i.wf = u.wf AND i.consumed_seq IS NULL AND (i.msg_id = '' OR u.awaits = 'signal ' || i.name))
          AND NOT EXISTS (SELECT FROM unnest($5::int8[], $6::text[]) c (wf, key) JOIN ${s}.wf_key k USING (key) JOIN ${s}.journal j ON j.wf = k.wf AND j.seq = ${endSeq} WHERE c.wf = u.wf)
        RETURNING a.wf`,
      values: [turns.worker, wfs, runs.map(({ awaits }) => awaits), runs.map(({ timerSeq }) => timerSeq), children.map(({ wf }) => wf), children.map(({ key }) => key)],
    },
  ])
  return new Set(done[2]!.rows.map(([wf]) => Number(wf)))
}

/** Puts a run aside that can't go on, with the reason; nobody takes it until a person has decided. */
export async function shelve({ link, schema: s }: Succession, turns: Turns, wf: number, why: string): Promise<void> {
  await transaction(link, [
    alive(s, turns),
    { text: `WITH aside AS (UPDATE ${s}.active SET owner = ${nobody.stuck} WHERE wf = $2 AND owner = $1 RETURNING wf) INSERT INTO ${s}.trouble (wf, why) SELECT wf, $3 FROM aside ON CONFLICT (wf) DO UPDATE SET why = excluded.why, at = clock_timestamp()`, values: [turns.worker, wf, why] },
  ])
}
