// What readers are told about runs: followers as it happens, bulk reads later. Every word of it goes into the history as the app
// wrote it; only its status is looked at here.
import type { Outcome } from '../contract/driver.ts'
import type { History } from './history.ts'
import type { PhaseRecorder } from './recorder.ts'
import { state, type Runs } from './runs.ts'

export interface OutcomeParts {
  readonly ids: (index: number) => string
  readonly history: History
  readonly runs: Runs
  readonly recorders: readonly PhaseRecorder[]
  /** Once a run: the first time that it was seen terminal. */
  readonly ended: (index: number) => void
}

export class Outcomes {
  readonly #parts: OutcomeParts

  constructor(parts: OutcomeParts) {
    this.#parts = parts
  }

  /** `outcome` is raw JSON. */
  told(index: number, outcome: string, reader: string, slot: number, atMs: number): void {
    const { ids, history, runs, recorders, ended } = this.#parts
    history.seen(atMs, ids(index), reader, outcome)
    runs.teller[index] = slot + 1
    if (runs.state[index] === state.ended || !isTerminal(statusOf(outcome))) return
    runs.state[index] = state.ended
    runs.ended++
    recorders[runs.phase[index]!]!.ended(index, atMs - runs.intendedMs[index]!, atMs, reader === 'live')
    ended(index)
  }
}

export function isTerminal(status: Outcome['status']): boolean {
  return status !== 'running' && status !== 'absent'
}

/** Looks before it parses, as outputs can be large and most drivers write the status first. */
export function statusOf(outcome: string): Outcome['status'] {
  if (outcome.startsWith('{"status":"completed"')) return 'completed'
  return (JSON.parse(outcome) as Outcome).status
}
