// Sends signals and requests to cancel: a row each in the inbox of an open run, durable before it is acknowledged. No fence:
// a message is a fact from outside, true whoever carries it, and its id makes it count once.
import { Rejected } from '../../../contract/errors.ts'
import { coalesce } from './coalesce.ts'
import { persist, type Link } from './link.ts'
import { nobody } from './owners.ts'
import type { Message } from './store.ts'

export interface Sending {
  readonly run: string
  readonly id: string
  readonly name: string
  readonly payload: string
}

export interface Delivery {
  readonly wf: number
  readonly owner: number
  readonly message: Message
}

interface Posted {
  readonly wf: number | null
  readonly owner: number | null
  readonly n: string | null
  readonly known: boolean
}

/** `posted` is told of each new message after its commit, for those who can deliver it without waiting for a poll. */
export function createPost(link: Link, schema: string, posted: (delivery: Delivery) => void): (sending: Sending) => Promise<void> {
  // The update comes first, and of every run that is written to: so it waits for a parking that is just being written, and
  // the parking for it. Whichever is second sees the other; a message can't slip in between.
  const text = `WITH asked AS (
      SELECT u.*, k.wf FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY u (key, id, name, payload, i)
      LEFT JOIN ${schema}.wf_key k ON k.key = u.key
    ), mail AS (
      SELECT wf, bool_or(id = '') AS cancel, array_agg('signal ' || name) AS names FROM asked WHERE wf IS NOT NULL GROUP BY wf ORDER BY wf
    ), open AS (
      UPDATE ${schema}.active a SET owner = CASE WHEN a.owner = ${nobody.parked} AND (mail.cancel OR a.awaits = ANY(mail.names)) THEN ${nobody.ready} ELSE a.owner END
      FROM mail WHERE a.wf = mail.wf RETURNING a.wf, a.owner
    ), sent AS (
      INSERT INTO ${schema}.inbox (wf, msg_id, name, payload) SELECT asked.wf, id, name, payload FROM asked JOIN open USING (wf) ORDER BY wf, i
      ON CONFLICT DO NOTHING RETURNING wf, msg_id, n
    )
    SELECT asked.wf, open.owner, sent.n, EXISTS (SELECT FROM ${schema}.inbox x WHERE x.wf = asked.wf AND x.msg_id = asked.id)
    FROM asked LEFT JOIN open ON open.wf = asked.wf LEFT JOIN sent ON sent.wf = asked.wf AND sent.msg_id = asked.id ORDER BY asked.i`

  const ask = coalesce<Sending, Posted>(async (sendings) => {
    const column = (of: keyof Sending): string[] => sendings.map((sending) => sending[of])
    const { rows } = await link.query({ name: 'post', text, values: [column('run'), column('id'), column('name'), column('payload')] })
    return (rows as [string | null, string | null, string | null, boolean][]).map(([wf, owner, n, known]) => ({
      wf: wf === null ? null : Number(wf), owner: owner === null ? null : Number(owner), n, known,
    }))
  })

  return async (sending) => {
    const { wf, owner, n, known } = await ask(sending)
    if (wf === null) throw new Rejected(`no such run: '${sending.run}'`)
    if (owner === null && !known) throw new Rejected(`run '${sending.run}' has ended; nothing can reach it`)
    if (owner !== null && n !== null) posted({ wf, owner, message: { n, id: sending.id, name: sending.name, payload: sending.payload } })
  }
}

/** What is there for a run and was not consumed, in order. */
export async function readInbox(link: Link, schema: string, wf: number): Promise<Message[]> {
  const { rows } = await persist(() => link.query({ text: `SELECT n, msg_id, name, payload FROM ${schema}.inbox WHERE wf = $1 AND consumed_seq IS NULL ORDER BY n`, values: [wf] }))
  return (rows as [string, string, string, string][]).map(([n, id, name, payload]) => ({ n, id, name, payload }))
}
