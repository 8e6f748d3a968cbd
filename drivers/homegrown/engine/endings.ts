// Waiting for the end of runs that live elsewhere: one poll for all of them together.
import { Unknown } from '../../../contract/errors.ts'
import type { Link } from './link.ts'
import { readOutcomes } from './journal.ts'
import type { Outcome } from './types.ts'

type Watcher = (outcome: Outcome) => void

export class Endings {
  readonly #link: Link
  readonly #schema: string
  readonly #watchers = new Map<string, Set<Watcher>>()

  constructor(link: Link, schema: string) {
    this.#link = link
    this.#schema = schema
  }

  /** Resolves with an end, or at once for a run that does not exist. */
  async outcome(id: string, abort?: AbortSignal): Promise<Outcome> {
    const now = (await readOutcomes(this.#link, this.#schema, [id])).get(id)!
    if (now.status !== 'running') return now
    return new Promise((resolve, reject) => {
      if (abort?.aborted) return reject(new Unknown(`nobody waits for the end of '${id}' any more`))
      const watchers = this.#watchers.get(id) ?? new Set()
      this.#watchers.set(id, watchers.add(resolve))
      abort?.addEventListener('abort', () => {
        watchers.delete(resolve)
        if (watchers.size === 0) this.#watchers.delete(id)
        reject(new Unknown(`nobody waits for the end of '${id}' any more`))
      }, { once: true })
    })
  }

  /** Called at every turn of whoever polls. */
  async poll(): Promise<void> {
    if (this.#watchers.size === 0) return
    for (const [id, outcome] of await readOutcomes(this.#link, this.#schema, [...this.#watchers.keys()])) {
      if (outcome.status !== 'running') this.tell(id, outcome)
    }
  }

  tell(id: string, outcome: Outcome): void {
    const watchers = this.#watchers.get(id)
    this.#watchers.delete(id)
    for (const watcher of watchers ?? []) watcher(outcome)
  }
}
