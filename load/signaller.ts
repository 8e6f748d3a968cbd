// Sends the signals that a scenario plans for its runs, each some time after its start was acknowledged. What stays unknown is
// sent again with the same signal id, by which engines that can do so deduplicate.
import { nowMs } from './clock.ts'
import type { PlannedSignal } from '../contract/scenario.ts'
import type { Apps } from './apps.ts'
import type { AnswerKind } from './answers.ts'
import type { Call } from './connection.ts'
import type { History } from './history.ts'
import type { Tries } from './tries.ts'

export interface SignallerParts {
  readonly apps: Apps
  readonly history: History
  readonly tries: Tries
  /** Workflow id as JSON. */
  readonly ids: (index: number) => string
}

interface Attempt {
  readonly index: number
  readonly signal: PlannedSignal
  readonly number: number
  /** Apps in a row that rejected it: an engine in memory knows a run only where it was started. */
  readonly refusals: number
  readonly avoid: number
}

export class Signaller {
  readonly #parts: SignallerParts

  constructor(parts: SignallerParts) {
    this.#parts = parts
  }

  plan(index: number, signal: PlannedSignal): void {
    const { tries } = this.#parts
    tries.begin()
    setTimeout(() => { if (!tries.over) this.#send({ index, signal, number: 0, refusals: 0, avoid: -1 }) }, signal.afterMs)
  }

  #send(attempt: Attempt): void {
    const { apps, history, ids } = this.#parts
    const app = apps.next(attempt.avoid)
    if (app === null) {
      apps.whenLiving(() => this.#send(attempt))
      return
    }
    const { index, signal } = attempt
    const id = ids(index)
    const name = JSON.stringify(signal.name)
    const signalId = JSON.stringify(signal.signalId)
    const atMs = nowMs()
    const invoke = history.invokeSignal(atMs, id, signalId, name, app.slot)
    const call: Call = {
      sentMs: atMs,
      answer: (kind, value, answeredMs) => {
        this.#answered({ ...attempt, avoid: app.slot }, invoke, kind, value, answeredMs)
        return false
      },
      failed: (why, failedMs) => this.#unknown({ ...attempt, avoid: app.slot }, invoke, why, failedMs),
    }
    app.request(`"signal",${id},${name},{"s":${signalId},"p":${JSON.stringify(signal.payload)}},${signalId}`, call)
  }

  #answered(attempt: Attempt, invoke: number, kind: AnswerKind, value: string, atMs: number): void {
    const { apps, history, tries, ids } = this.#parts
    if (kind === 'ok') {
      history.signalOk(atMs, invoke, ids(attempt.index))
      tries.end()
      return
    }
    const why = JSON.parse(value) as string
    if (kind !== 'rejected') return this.#unknown(attempt, invoke, kind === 'unknown' ? why : tries.bug(why), atMs)
    history.notOk(atMs, 'fail', 'signal', invoke, ids(attempt.index), why)
    const refusals = attempt.refusals + 1
    if (refusals < apps.count) this.#send({ ...attempt, refusals })
    else tries.end()
  }

  #unknown(attempt: Attempt, invoke: number, why: string, atMs: number): void {
    const { history, tries, ids } = this.#parts
    history.notOk(atMs, 'info', 'signal', invoke, ids(attempt.index), why)
    tries.again(attempt.number, () => this.#send({ ...attempt, number: attempt.number + 1, refusals: 0 }))
  }
}
