// Waiting for the end of runs that live elsewhere: one poll for all of them together.
import { Unknown } from '../../../contract/errors.ts'
import { coalesce } from './coalesce.ts'
import type { Link } from './link.ts'
import { readOutcomes } from './journal.ts'
import type { Outcome } from './types.ts'

/** Whoever waits for an end, and may cease to: an AbortSignal is one. */
export interface Asker {
  readonly aborted: boolean
}

interface Watcher {
  readonly tell: (outcome: Outcome) => void
  readonly forget: (error: Unknown) => void
  readonly asker: Asker | undefined
}

/** Of very many, so many are looked up in a turn. */
const lookedUpAtOnce = 10_000

export class Endings {
  readonly #link: Link
  readonly #schema: string
  /** Thousands ask at once when they have lost the worker that they were told by. */
  readonly #look: (id: string) => Promise<Outcome>
  readonly #watchers = new Map<string, Watcher[]>()
  #next = 0

  constructor(link: Link, schema: string) {
    this.#link = link
    this.#schema = schema
    this.#look = coalesce(async (ids) => {
      const outcomes = await readOutcomes(link, schema, ids)
      return ids.map((id) => outcomes.get(id)!)
    })
  }

  /** Resolves with an end, or at once for a run that does not exist. */
  async outcome(id: string, asker?: Asker): Promise<Outcome> {
    const now = await this.#look(id)
    if (now.status !== 'running') return now
    return new Promise((tell, forget) => {
      const watchers = this.#watchers.get(id)
      const watcher = { tell, forget, asker }
      if (watchers === undefined) this.#watchers.set(id, [watcher])
      else watchers.push(watcher)
    })
  }

  /** Called at every turn of whoever polls. */
  async poll(): Promise<void> {
    // Aborts are looked at here, and not listened to: thousands may share one signal, whose listeners are a list.
    for (const [id, watchers] of this.#watchers) {
      const [gone, still] = [watchers.filter((w) => w.asker?.aborted), watchers.filter((w) => !w.asker?.aborted)]
      for (const { forget } of gone) forget(new Unknown(`nobody waits for the end of '${id}' any more`))
      if (still.length === 0) this.#watchers.delete(id)
      else if (gone.length > 0) this.#watchers.set(id, still)
    }
    const ids = [...this.#watchers.keys()]
    if (ids.length === 0) return
    this.#next = this.#next < ids.length ? this.#next : 0
    const asked = ids.slice(this.#next, this.#next + lookedUpAtOnce)
    this.#next += lookedUpAtOnce
    for (const [id, outcome] of await readOutcomes(this.#link, this.#schema, asked)) if (outcome.status !== 'running') this.told(id, outcome)
  }

  /** An end that was heard of in another way. */
  told(id: string, outcome: Outcome): void {
    const watchers = this.#watchers.get(id)
    if (watchers === undefined) return
    this.#watchers.delete(id)
    for (const { tell, asker } of watchers) if (asker?.aborted !== true) tell(outcome)
  }
}
