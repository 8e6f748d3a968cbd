// Follows runs to their end, as whoever started one waits for its result. A start's connection brings the end by itself; when that
// is lost, another app is asked, again and again, until one tells the end or the drain is over.
import type { AnswerKind } from './answers.ts'
import type { Apps } from './apps.ts'
import { nowMs } from './clock.ts'
import type { Call } from './connection.ts'
import { isTerminal, statusOf, type Outcomes } from './outcomes.ts'
import { state, type Runs } from './runs.ts'
import type { Tries } from './tries.ts'

export interface FollowerParts {
  readonly apps: Apps
  readonly runs: Runs
  readonly outcomes: Outcomes
  readonly tries: Tries
  /** Workflow id as JSON. */
  readonly ids: (index: number) => string
  /** A living app does not know the run; may be said again. */
  readonly lost: (index: number) => void
}

export class Follower {
  readonly #parts: FollowerParts

  constructor(parts: FollowerParts) {
    this.#parts = parts
  }

  follow(index: number, avoid: number, attempt: number): void {
    const { apps, runs, tries, ids } = this.#parts
    if (tries.over || runs.state[index] === state.ended || runs.state[index] === state.rejected) return
    const app = apps.next(avoid)
    if (app === null) return apps.whenLiving(() => this.follow(index, avoid, attempt))
    const call: Call = {
      sentMs: nowMs(),
      answer: (kind, value, atMs) => {
        this.answered(index, app.slot, attempt, kind, value, atMs)
        return false
      },
      failed: () => this.follow(index, app.slot, attempt),
    }
    app.request(`"follow",${ids(index)}`, call, 'follow')
  }

  /** What an app said about a run that it followed. Only an end goes into the history: all else is asked for again. */
  answered(index: number, slot: number, attempt: number, kind: AnswerKind, value: string, atMs: number): void {
    const { outcomes, tries, lost } = this.#parts
    if (kind === 'outcome') {
      const status = statusOf(value)
      if (isTerminal(status)) return outcomes.told(index, value, 'live', slot, atMs)
      if (status === 'absent') lost(index)
    }
    tries.again(attempt, () => this.follow(index, slot, attempt + 1))
  }
}
