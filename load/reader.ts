// Bulk reads of outcomes after the load: what nobody followed, what was left open, and everything once more after faults, through
// another app than before. Absence is told as it is; whoever judges knows that it is never final.
import type { Outcome } from '../contract/driver.ts'
import type { Random } from '../contract/random.ts'
import type { Apps } from './apps.ts'
import { nowMs } from './clock.ts'
import { isTerminal, type Outcomes } from './outcomes.ts'
import { state, type Runs } from './runs.ts'
import type { Tries } from './tries.ts'

const idsPerRead = 500
const readsAtOncePerApp = 2
const pollMs = 250
const readDeadlineMs = 15_000
/** How long a read again waits for an app to live and answer. */
const patienceMs = 30_000

export interface ReaderParts {
  readonly apps: Apps
  readonly runs: Runs
  readonly outcomes: Outcomes
  readonly tries: Tries
  readonly runId: string
  readonly draws: Random
}

type Told = { readonly outcome: Outcome; readonly slot: number; readonly atMs: number }

export class Reader {
  readonly #parts: ReaderParts

  constructor(parts: ReaderParts) {
    this.#parts = parts
  }

  /** Polls until every run ended and every call was answered, or the time is over. Returns how many runs are left open. */
  async drain(deadlineMs: number): Promise<number> {
    const { runs, tries } = this.#parts
    const untilMs = nowMs() + deadlineMs
    for (;;) {
      const open = runs.open()
      if (open.length === 0 && tries.open === 0) return 0
      const last = nowMs() + pollMs >= untilMs
      await this.#pass(open, -1, untilMs, (index, told) => {
        if (last || isTerminal(told.outcome.status)) this.#seen(index, told, 'drain')
      })
      if (last) return runs.inFlight
      await new Promise((resolve) => setTimeout(resolve, pollMs))
    }
  }

  /** Reads everything that was ever issued, of the runs that ended perhaps a sample only. */
  async readAgain(reader: string, sample: number | undefined): Promise<{ read: number; missed: number }> {
    const { runs, draws } = this.#parts
    const untilMs = nowMs() + patienceMs
    const ended: number[] = []
    const others: number[] = []
    for (let index = 0; index < runs.count; index++) {
      if (runs.state[index] === state.ended) ended.push(index)
      else if (runs.state[index] !== state.planned) others.push(index)
    }
    const chosen = [...(sample === undefined ? ended : draws.shuffle(ended).slice(0, sample)), ...others]
    const unread = new Set(chosen)
    while (unread.size > 0 && nowMs() < untilMs) {
      for (const [teller, indices] of Map.groupBy(unread, (index) => runs.teller[index]!)) {
        await this.#pass(indices, teller - 1, untilMs, (index, told) => {
          unread.delete(index)
          this.#seen(index, told, reader)
        })
      }
      if (unread.size > 0) await new Promise((resolve) => setTimeout(resolve, pollMs))
    }
    return { read: chosen.length - unread.size, missed: unread.size }
  }

  #seen(index: number, { outcome, slot, atMs }: Told, reader: string): void {
    this.#parts.outcomes.told(index, JSON.stringify(outcome), reader, slot, atMs)
  }

  /** One bulk read of all these runs; what an app can't tell now is left out. */
  async #pass(indices: readonly number[], avoid: number, untilMs: number, each: (index: number, told: Told) => void): Promise<void> {
    const { apps, runId } = this.#parts
    let next = 0
    const work = async (): Promise<void> => {
      while (next < indices.length) {
        const some = indices.slice(next, next += idsPerRead)
        const timeoutMs = Math.min(readDeadlineMs, untilMs - nowMs())
        if (timeoutMs <= 0) return
        const ids = some.map((index) => `${runId}-${index}`)
        const answer = await apps.ask(`"outcomes",${JSON.stringify(ids)}`, avoid, timeoutMs)
        if (answer === null) continue
        const outcomes = JSON.parse(answer.value) as Readonly<Record<string, Outcome>>
        ids.forEach((id, i) => {
          const outcome = outcomes[id]
          if (outcome !== undefined) each(some[i]!, { outcome, slot: answer.slot, atMs: answer.atMs })
        })
      }
    }
    await Promise.all(Array.from({ length: readsAtOncePerApp * apps.count }, work))
  }
}
