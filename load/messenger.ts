// Sends the signals and cancels that a scenario plans for its runs, each some time after its start was acknowledged. Those of
// one time are rivals: they leave in one tick, each by another client than the one before. What stays unknown is sent again, a
// signal with the same id, by which engines that can do so deduplicate.
import { nowMs } from './clock.ts'
import type { PlannedCancel, PlannedSignal } from '../contract/scenario.ts'
import type { Apps } from './apps.ts'
import type { AnswerKind } from './answers.ts'
import type { Call } from './connection.ts'
import type { History } from './history.ts'
import type { Tries } from './tries.ts'

export interface MessengerParts {
  readonly apps: Apps
  readonly history: History
  readonly tries: Tries
  /** Workflow id as JSON. */
  readonly ids: (index: number) => string
}

/** null: a cancel. */
type Message = PlannedSignal | null

interface Attempt {
  readonly index: number
  readonly message: Message
  readonly number: number
  /** Apps in a row that rejected it: an engine in memory knows a run only where it was started. */
  readonly refusals: number
  readonly avoid: number
}

export class Messenger {
  readonly #parts: MessengerParts

  constructor(parts: MessengerParts) {
    this.#parts = parts
  }

  plan(index: number, signals: readonly PlannedSignal[], cancel: PlannedCancel | null): void {
    const { tries } = this.#parts
    const messages: { readonly afterMs: number; readonly message: Message }[] = signals.map((signal) => ({ afterMs: signal.afterMs, message: signal }))
    if (cancel !== null) messages.push({ afterMs: cancel.afterMs, message: null })
    for (const [afterMs, rivals] of Map.groupBy(messages, (planned) => planned.afterMs)) {
      for (let i = 0; i < rivals.length; i++) tries.begin()
      setTimeout(() => {
        if (tries.over) return
        let avoid = -1
        for (const { message } of rivals) avoid = this.#send({ index, message, number: 0, refusals: 0, avoid })
      }, afterMs)
    }
  }

  /** Returns the slot that it went to, -1 while no app lives. */
  #send(attempt: Attempt): number {
    const { apps, history, ids } = this.#parts
    const app = apps.next(attempt.avoid)
    if (app === null) {
      apps.whenLiving(() => this.#send(attempt))
      return -1
    }
    const { index, message } = attempt
    const id = ids(index)
    const atMs = nowMs()
    const { invoke, body } = message === null
      ? { invoke: history.invokeCancel(atMs, id, app.slot), body: `"cancel",${id}` }
      : signalled(history, atMs, id, message, app.slot)
    const call: Call = {
      sentMs: atMs,
      answer: (kind, value, answeredMs) => {
        this.#answered({ ...attempt, avoid: app.slot }, invoke, kind, value, answeredMs)
        return false
      },
      failed: (why, failedMs) => this.#unknown({ ...attempt, avoid: app.slot }, invoke, why, failedMs),
    }
    app.request(body, call)
    return app.slot
  }

  #answered(attempt: Attempt, invoke: number, kind: AnswerKind, value: string, atMs: number): void {
    const { apps, history, tries, ids } = this.#parts
    const op = opOf(attempt)
    if (kind === 'ok') {
      history.messageOk(atMs, op, invoke, ids(attempt.index))
      tries.end()
      return
    }
    const why = JSON.parse(value) as string
    if (kind !== 'rejected') return this.#unknown(attempt, invoke, kind === 'unknown' ? why : tries.bug(why), atMs)
    history.notOk(atMs, 'fail', op, invoke, ids(attempt.index), why)
    const refusals = attempt.refusals + 1
    if (refusals < apps.count) this.#send({ ...attempt, refusals })
    else tries.end()
  }

  #unknown(attempt: Attempt, invoke: number, why: string, atMs: number): void {
    const { history, tries, ids } = this.#parts
    history.notOk(atMs, 'info', opOf(attempt), invoke, ids(attempt.index), why)
    tries.again(attempt.number, () => this.#send({ ...attempt, number: attempt.number + 1, refusals: 0 }))
  }
}

const opOf = ({ message }: Attempt): 'signal' | 'cancel' => (message === null ? 'cancel' : 'signal')

function signalled(history: History, atMs: number, id: string, { name, payload, signalId }: PlannedSignal, slot: number): { invoke: number; body: string } {
  const [nameText, idText] = [JSON.stringify(name), JSON.stringify(signalId)]
  return { invoke: history.invokeSignal(atMs, id, idText, nameText, slot), body: `"signal",${id},${nameText},{"s":${idText},"p":${JSON.stringify(payload)}},${idText}` }
}
