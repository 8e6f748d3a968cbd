// Waiting for the end of runs that live elsewhere: one poll for all of them together.
import { Unknown } from '../../../contract/errors.ts'
import type { Link } from './link.ts'
import { readOutcomes } from './journal.ts'
import type { Outcome } from './types.ts'

interface Watcher {
  readonly tell: (outcome: Outcome) => void
  readonly forget: (error: Unknown) => void
  readonly abort: AbortSignal | undefined
}

export class Endings {
  readonly #link: Link
  readonly #schema: string
  readonly #watchers = new Map<string, Watcher[]>()

  constructor(link: Link, schema: string) {
    this.#link = link
    this.#schema = schema
  }

  /** Resolves with an end, or at once for a run that does not exist. */
  async outcome(id: string, abort?: AbortSignal): Promise<Outcome> {
    const now = (await readOutcomes(this.#link, this.#schema, [id])).get(id)!
    if (now.status !== 'running') return now
    return new Promise((tell, forget) => {
      const watchers = this.#watchers.get(id)
      const watcher = { tell, forget, abort }
      if (watchers === undefined) this.#watchers.set(id, [watcher])
      else watchers.push(watcher)
    })
  }

  /** Called at every turn of whoever polls. */
  async poll(): Promise<void> {
    // Aborts are looked at here, and not listened to: thousands may share one signal, whose listeners are a list.
    for (const [id, watchers] of this.#watchers) {
      const [gone, still] = [watchers.filter((w) => w.abort?.aborted), watchers.filter((w) => !w.abort?.aborted)]
      for (const { forget } of gone) forget(new Unknown(`nobody waits for the end of '${id}' any more`))
      if (still.length === 0) this.#watchers.delete(id)
      else if (gone.length > 0) this.#watchers.set(id, still)
    }
    if (this.#watchers.size === 0) return
    for (const [id, outcome] of await readOutcomes(this.#link, this.#schema, [...this.#watchers.keys()])) {
      if (outcome.status === 'running') continue
      const watchers = this.#watchers.get(id) ?? []
      this.#watchers.delete(id)
      for (const { tell } of watchers) tell(outcome)
    }
  }
}
