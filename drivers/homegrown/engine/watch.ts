// Looks, one turn after the other, for what happened elsewhere: expired workers, runs of nobody, messages for our runs. A hint
// makes the next turn come at once; without hints nothing is lost, only late by a poll.
import { sqlState, StoreLost } from './link.ts'
import type { Message } from './store.ts'
import { look, owned, takeOver, type Succession } from './succession.ts'
import type { Taken, Turns } from './transaction.ts'
import { claim } from './unowned.ts'

/** Messages and silent workers are looked for between turns. */
const claimsATurn = 8

export interface Watched {
  has(wf: number): boolean
  /** Resolves once the runs are there: no message is read before. */
  adopt(found: readonly Taken[]): Promise<void>
  deliver(wf: number, message: Message): void
  /** Hands over what only waits; gives back those that must not wait in nobody's hands after all. */
  park(): Promise<readonly Taken[]>
  /** The turn's other errands. */
  turn(): Promise<void>
  lost(why: string): void
  log(line: string): void
}

export class Watch {
  readonly #succession: Succession
  readonly #turns: Turns
  readonly #pollMs: number
  readonly #watched: Watched
  #cursor: string | null = null
  /** After an error nobody knows what was taken: compare with the store. Counted, since a doubt may arise in the midst of a turn. */
  #doubts = 1
  #doubtsSettled = 0
  #hurried = false
  #wake: (() => void) | null = null
  #stopped = false

  constructor(succession: Succession, turns: Turns, pollMs: number, watched: Watched) {
    this.#succession = succession
    this.#turns = turns
    this.#pollMs = pollMs
    this.#watched = watched
  }

  /** Resolves after the first turn; the others follow by themselves. */
  async begin(): Promise<void> {
    await this.#attempt()
    void this.#loop()
  }

  /** Something about our runs may not have passed. */
  doubt(): void {
    this.#doubts++
  }

  hurry(): void {
    this.#hurried = true
    this.#wake?.()
  }

  stop(): void {
    this.#stopped = true
    this.#wake?.()
  }

  async #loop(): Promise<void> {
    while (!this.#stopped) {
      if (!this.#hurried) await this.#rest()
      this.#hurried = false
      if (!this.#stopped) await this.#attempt()
    }
  }

  async #attempt(): Promise<void> {
    try {
      await this.#turn()
    } catch (error) {
      this.#doubts++
      if (this.#stopped) return
      if (sqlState(error) === 'DUR01') this.#watched.lost('another worker has taken over this one\'s runs')
      else if (error instanceof StoreLost) this.#watched.lost(error.message)
      else this.#watched.log(`looking for other workers' work failed, and will be tried again: ${(error as Error).message}`)
    }
  }

  async #turn(): Promise<void> {
    const { cursor, silent, unowned } = await look(this.#succession, this.#turns.worker)
    this.#cursor ??= cursor // before any run is loaded
    // First, since loading runs may take long. What comes for those that are loaded below is loaded with them, or found the next time.
    for (const [wf, message] of await this.#messages()) this.#watched.deliver(wf, message)
    this.#cursor = cursor
    const doubts = this.#doubts
    const back = await this.#watched.park()
    const inherited = silent ? await takeOver(this.#succession, this.#turns) : []
    const claimed = unowned ? await claim(this.#succession, this.#turns) : []
    const all = doubts > this.#doubtsSettled ? await owned(this.#succession, this.#turns) : [...back, ...inherited, ...claimed]
    await this.#adopt(all, claimed.length > 0)
    this.#doubtsSettled = doubts
    await this.#watched.turn()
  }

  /** Resolves once all are loaded. While they are, the store looks for more of nobody's. */
  async #adopt(found: readonly Taken[], more: boolean): Promise<void> {
    const load = (taken: readonly Taken[]): Promise<void> => this.#watched.adopt(taken.filter(({ wf }) => !this.#watched.has(wf)))
    let loading = load(found)
    loading.catch(() => undefined) // heard of below
    try {
      for (let claims = 1; more && claims < claimsATurn; claims++) {
        const next = await claim(this.#succession, this.#turns)
        loading = loading.then(() => load(next))
        loading.catch(() => undefined)
        more = next.length > 0
      }
    } finally {
      await loading
    }
    if (more) this.#hurried = true
  }

  /** `cursor` was read before this: a message that this does not see yet has a transaction number from there on. */
  async #messages(): Promise<[number, Message][]> {
    const { link, schema } = this.#succession
    const { rows } = await link.query({
      name: 'messages',
      text: `SELECT i.wf, i.n, i.msg_id, i.name, i.payload FROM ${schema}.inbox i JOIN ${schema}.active a ON a.wf = i.wf
        WHERE i.tx >= $1::text::xid8 AND a.owner = $2 AND i.consumed_seq IS NULL ORDER BY i.n`,
      values: [this.#cursor, this.#turns.worker],
    })
    return (rows as [string, string, string, string, string][]).map(([wf, n, id, name, payload]) => [Number(wf), { n, id, name, payload }])
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#pollMs)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
