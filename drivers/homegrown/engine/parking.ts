// Long waits leave memory: a run that has done nothing but wait for `afterMs` is dropped here and handed to nobody, who needs no
// memory for it. What it waits for makes it ready, and whoever takes it runs its body again up to the wait.
// Trade-off: a wake-up costs a load and a replay, so short waits stay.
import type { RunState } from './run-state.ts'
import type { Succession } from './succession.ts'
import type { Taken, Turns } from './transaction.ts'
import { park, type Parkable } from './unowned.ts'

const parkAtOnce = 1_000

export class Parking {
  readonly #succession: Succession
  readonly #turns: Turns
  readonly #afterMs: number
  /** Nothing of the run stays in memory, nor goes on. */
  readonly #evict: (run: RunState) => void
  /** In the order of time. */
  #idle: { run: RunState; stamp: number; sinceMs: number }[] = []

  constructor(succession: Succession, turns: Turns, afterMs: number, evict: (run: RunState) => void) {
    this.#succession = succession
    this.#turns = turns
    this.#afterMs = afterMs
    this.#evict = evict
  }

  note(run: RunState): void {
    this.#idle.push({ run, stamp: run.idleStamp, sinceMs: performance.now() })
  }

  /** @returns runs that were dropped and are still ours, since what they wait for has come: they must be loaded again */
  async turn(): Promise<Taken[]> {
    const back: Taken[] = []
    for (let due = this.#due(); due.length > 0; due = this.#due()) {
      const parked = await park(this.#succession, this.#turns, due)
      for (const { wf, id } of due) if (!parked.has(wf)) back.push({ wf, id, strikes: null })
    }
    return back
  }

  /** Evicts before it asks the store: a run that may be another's must not move. */
  #due(): (Parkable & Taken)[] {
    const untilMs = performance.now() - this.#afterMs
    const due: (Parkable & Taken)[] = []
    let seen = 0
    for (const { run, stamp, sinceMs } of this.#idle) {
      if (sinceMs > untilMs || due.length === parkAtOnce) break
      seen++
      const idle = run.idle
      if (idle === null || run.idleStamp !== stamp) continue
      this.#evict(run)
      due.push({ wf: run.wf, id: run.id, strikes: null, ...idle })
    }
    if (seen > 0) this.#idle = this.#idle.slice(seen)
    return due
  }
}
