// Transactions about who owns what: written in one go, so that no stopped process can leave one open, and worth nothing unless
// their worker is a living incarnation until the commit.
import { beginWriting, type Link, type Query, type Rows } from './link.ts'
import { nobody } from './owners.ts'

/** A run that has become ours. */
export interface Taken {
  readonly wf: number
  readonly id: string
  /** Of one that is suspected of killing its workers: how many died while it alone was on trial (suspects.ts); null: it is not. */
  readonly strikes: number | null
}

/** What a worker of `versions` ($2) can run goes to it, the rest to whoever can. */
export const heirOf = (me: string): string => `CASE WHEN version IS NULL OR version = ANY($2::text[]) THEN ${me} ELSE ${nobody.ready} END`

/** A worker's changes of ownership, each with its number: none passes once a later one has. */
export class Turns {
  readonly worker: number
  #last = 0

  constructor(worker: number) {
    this.worker = worker
  }

  next(): number {
    return ++this.#last
  }
}

/** Fails where the worker was fenced, or where a later change of its own has passed; who would fence it waits for this transaction. */
export const alive = (s: string, turns: Turns): Query => ({
  text: `WITH turn AS (UPDATE ${s}.turn SET n = $2 WHERE worker = $1 AND n < $2 RETURNING 1)
    SELECT ${s}.must_hold((SELECT count(*) FROM turn) * (SELECT count(*) FROM (SELECT 1 FROM ${s}.worker WHERE id = $1 AND NOT fenced FOR KEY SHARE) me))`,
  values: [turns.worker, turns.next()],
})

/** wf, key, whether it is ours, and its strikes. */
export function taken({ rows }: Rows): Taken[] {
  return (rows as [string, string, boolean, number | null][]).filter(([, , ours]) => ours).map(([wf, id, , strikes]) => ({ wf: Number(wf), id, strikes }))
}

/** @returns the answers between BEGIN and COMMIT */
export async function transaction(link: Link, queries: readonly Query[]): Promise<Rows[]> {
  const answers = await link.pipeline([{ text: beginWriting }, ...queries, { text: 'COMMIT' }])
  const failed = answers.find((answer) => answer.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  const done = answers.map((answer) => (answer as PromiseFulfilledResult<Rows>).value)
  if (done.at(-1)!.command !== 'COMMIT') throw new Error(`expected COMMIT, the store answered ${done.at(-1)!.command}`)
  return done.slice(1, -1)
}
