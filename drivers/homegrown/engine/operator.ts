// What a person on call does to a store, beside looking at its views (`runs`, `steps`, `waiting`, `stuck`): lets a stuck run go
// on or ends it, and says how much of a tenant's work may be under way. No worker holds a stuck run, so no fence is needed.
import { Rejected } from '../../../contract/errors.ts'
import { persist, type Link } from './link.ts'
import { nobody } from './owners.ts'
import { endSeq, kind } from './unit.ts'

/** The run is taken up again by the next worker that has its version. @throws Rejected when it is not stuck */
export async function retryStuck(link: Link, schema: string, id: string): Promise<void> {
  await settle(link, id, `WITH run AS (UPDATE ${schema}.active a SET owner = ${nobody.ready}, lost = 0, lost_at = NULL, strikes = 0 FROM ${schema}.wf_key k WHERE k.key = $1 AND a.wf = k.wf AND a.owner = ${nobody.stuck} RETURNING a.wf),
    told AS (DELETE FROM ${schema}.trouble WHERE wf IN (SELECT wf FROM run)) SELECT wf FROM run`)
}

/** The run ends as cancelled, as it stands: nothing of its body runs any more. @throws Rejected when it is not stuck */
export async function cancelStuck(link: Link, schema: string, id: string): Promise<void> {
  await settle(link, id, `WITH run AS (DELETE FROM ${schema}.active a USING ${schema}.wf_key k WHERE k.key = $1 AND a.wf = k.wf AND a.owner = ${nobody.stuck} RETURNING a.wf),
    told AS (DELETE FROM ${schema}.trouble WHERE wf IN (SELECT wf FROM run)), timers AS (DELETE FROM ${schema}.timer WHERE wf IN (SELECT wf FROM run)),
    ended AS (INSERT INTO ${schema}.journal (wf, seq, kind, name, data) SELECT wf, ${endSeq}, ${kind.cancelled}, '', 'null' FROM run) SELECT wf FROM run`)
}

/** At most `cap` runs of the tenant are under way at once, from the next claim on. */
export async function limitTenant(link: Link, schema: string, tenant: string, cap: number): Promise<void> {
  if (!(Number.isInteger(cap) && cap > 0)) throw new Rejected(`expected a cap above 0, found ${cap}`)
  await persist(() => link.query({ text: `INSERT INTO ${schema}.tenant (name, cap) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET cap = excluded.cap`, values: [tenant, cap] }))
}

async function settle(link: Link, id: string, text: string): Promise<void> {
  const { rows } = await link.query({ text, values: [id] })
  if (rows.length === 0) throw new Rejected(`expected '${id}' to be stuck, found that it is not; see the view stuck`)
}
