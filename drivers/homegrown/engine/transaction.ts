// Transactions about who owns what: written in one go, so that no stopped process can leave one open, and worth nothing unless
// their worker is a living incarnation until the commit.
import type { Link, Query, Rows } from './link.ts'
import { nobody } from './owners.ts'

/** A run that has become ours. */
export interface Taken {
  readonly wf: number
  readonly id: string
}

/** What a worker of `versions` ($2) can run goes to it, the rest to whoever can. */
export const heirOf = (me: string): string => `CASE WHEN version IS NULL OR version = ANY($2::text[]) THEN ${me} ELSE ${nobody.ready} END`

/** Fails where worker `me` was fenced; who would fence it waits for this transaction. */
export const alive = (s: string, me: number): Query => ({ text: `SELECT ${s}.must_hold((SELECT count(*) FROM (SELECT 1 FROM ${s}.worker WHERE id = $1 AND NOT fenced FOR KEY SHARE) me))`, values: [me] })

/** wf, key, and whether it is ours. */
export function taken({ rows }: Rows): Taken[] {
  return (rows as [string, string, boolean][]).filter(([, , ours]) => ours).map(([wf, id]) => ({ wf: Number(wf), id }))
}

/** @returns the answers between BEGIN and COMMIT */
export async function transaction(link: Link, queries: readonly Query[]): Promise<Rows[]> {
  const answers = await link.pipeline([{ text: 'BEGIN' }, ...queries, { text: 'COMMIT' }])
  const failed = answers.find((answer) => answer.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  const done = answers.map((answer) => (answer as PromiseFulfilledResult<Rows>).value)
  if (done.at(-1)!.command !== 'COMMIT') throw new Error(`expected COMMIT, the store answered ${done.at(-1)!.command}`)
  return done.slice(1, -1)
}
