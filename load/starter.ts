// Starts runs as an engine's users do: what stays unknown is tried again with the same id through another app, and each try is
// an invoke of its own in the history.
// Trade-off: callbacks instead of promises, because a promise per call is what a generator at 100k starts/s can't afford.
import { nowMs } from './clock.ts'
import { state, type Runs } from './runs.ts'
import type { Apps } from './apps.ts'
import type { AnswerKind } from './answers.ts'
import type { Call } from './connection.ts'
import type { Follower } from './follower.ts'
import type { History } from './history.ts'
import type { PhaseRecorder } from './recorder.ts'
import type { Tries } from './tries.ts'

export interface StarterParts {
  readonly apps: Apps
  readonly history: History
  readonly runs: Runs
  readonly follower: Follower
  readonly tries: Tries
  readonly recorders: readonly PhaseRecorder[]
  /** The workflow id, the input, the scenario's and the phase's name: all as JSON. */
  readonly ids: (index: number) => string
  readonly input: (index: number) => string
  readonly scenario: string
  readonly phase: (index: number) => string
  /** Each at most once a run. */
  readonly accepted: (index: number) => void
  readonly rejected: (index: number) => void
}

export class Starter {
  readonly #parts: StarterParts

  constructor(parts: StarterParts) {
    this.#parts = parts
  }

  get follower(): Follower {
    return this.#parts.follower
  }

  /** Starts a reserved run now; its latencies count from `intendedMs`. */
  start(index: number, intendedMs: number): void {
    const { runs, recorders } = this.#parts
    const phase = recorders[runs.phase[index]!]!
    runs.intendedMs[index] = intendedMs
    runs.started++
    phase.issued(index, nowMs() - intendedMs)
    const slot = this.#begin(index, runs.followed[index] === 1, -1)
    if (runs.doubled[index] === 1) this.#begin(index, false, slot)
  }

  #begin(index: number, follow: boolean, avoid: number): number {
    this.#parts.runs.openStarts[index]!++
    this.#parts.tries.begin()
    return this.send(index, follow, avoid, 0)
  }

  /** One try. Returns the slot that it went to, -1 while no app lives. */
  send(index: number, follow: boolean, avoid: number, attempt: number): number {
    const { apps, history, runs, ids, input, scenario, phase } = this.#parts
    const app = apps.next(avoid)
    if (app === null) {
      apps.whenLiving(() => this.send(index, follow, avoid, attempt))
      return -1
    }
    if (runs.state[index] === state.planned) runs.state[index] = state.issued
    const atMs = nowMs()
    const id = ids(index)
    const text = input(index)
    const invoke = history.invokeStart(atMs, id, scenario, text, app.slot, runs.intendedMs[index]!, phase(index))
    app.request(`"start",${scenario},${id},${text},${follow ? 1 : 0}`, new StartCall(this, index, app.slot, invoke, follow, attempt, atMs))
    return app.slot
  }

  ok(call: StartCall, how: string, atMs: number): void {
    const { runs, history, tries, recorders, ids, accepted } = this.#parts
    const { index } = call
    history.startOk(atMs, call.invoke, ids(index), how)
    tries.end()
    runs.openStarts[index]!--
    if (runs.state[index] !== state.issued) return
    runs.state[index] = state.accepted
    recorders[runs.phase[index]!]!.accepted(index, atMs - runs.intendedMs[index]!)
    accepted(index)
  }

  refused(call: StartCall, why: string, atMs: number): void {
    const { runs, history, tries, ids, rejected } = this.#parts
    const { index } = call
    history.notOk(atMs, 'fail', 'start', call.invoke, ids(index), why)
    tries.end()
    const twins = --runs.openStarts[index]!
    if (runs.state[index] === state.issued && twins === 0) {
      runs.state[index] = state.rejected
      runs.rejected++
      rejected(index)
      return
    }
    // The twin runs or may run, but this was the one that would have told its end.
    if (call.follow) this.follower.follow(index, -1, 0)
  }

  unknown(call: StartCall, why: string, atMs: number): void {
    const { history, tries, ids } = this.#parts
    history.notOk(atMs, 'info', 'start', call.invoke, ids(call.index), why)
    tries.again(call.attempt, () => this.send(call.index, call.follow, call.slot, call.attempt + 1))
  }

  bug(call: StartCall, message: string, atMs: number): void {
    this.unknown(call, this.#parts.tries.bug(message), atMs)
  }
}

class StartCall implements Call {
  readonly #starter: Starter
  readonly index: number
  readonly slot: number
  readonly invoke: number
  readonly follow: boolean
  readonly attempt: number
  readonly sentMs: number
  #accepted = false

  constructor(starter: Starter, index: number, slot: number, invoke: number, follow: boolean, attempt: number, sentMs: number) {
    this.sentMs = sentMs
    this.#starter = starter
    this.index = index
    this.slot = slot
    this.invoke = invoke
    this.follow = follow
    this.attempt = attempt
  }

  answer(kind: AnswerKind, value: string, atMs: number): boolean {
    if (this.#accepted) {
      this.#starter.follower.answered(this.index, this.slot, 0, kind, value, atMs)
      return false
    }
    if (kind === 'ok') {
      this.#accepted = true
      this.#starter.ok(this, value, atMs)
      return this.follow
    }
    if (kind === 'rejected') this.#starter.refused(this, messageOf(value), atMs)
    else if (kind === 'unknown') this.#starter.unknown(this, messageOf(value), atMs)
    else this.#starter.bug(this, messageOf(value), atMs)
    return false
  }

  failed(why: string, atMs: number): void {
    if (this.#accepted) this.#starter.follower.follow(this.index, this.slot, 0)
    else this.#starter.unknown(this, why, atMs)
  }
}

/** A refusal's message; answers carry it as JSON. */
function messageOf(value: string): string {
  return JSON.parse(value) as string
}
