// One run in memory: its operations, each answered from the journal or carried out and then recorded. What an operation came
// to is decided here, in one thread, at the moment its row is handed to the pump; the fence decides whether it counts.
import { Cancelled, isNamed, StepFailed } from '../../../contract/errors.ts'
import type { Json } from '../../../contract/json.ts'
import { alarm } from './alarm.ts'
import type { Mailbox } from './mailbox.ts'
import type { Message, RecordedRow } from './store.ts'
import type { Outcome, Result, RetryPolicy, RunHandle, Statement } from './types.ts'
import { kind, maxDataChars, type Kind, type Unit } from './unit.ts'
import { encode, settled } from './values.ts'

/** What a run needs of its worker. */
export interface Owner {
  record(unit: Unit): void
  /** May this body run now? Waits while in doubt about the lease; never comes back when stopping or fenced. */
  admit(): Promise<void> | null
  left(): void
  startChild(workflow: string, key: string, input: Json): Promise<unknown>
  outcome(key: string): Promise<Outcome>
  outcomes(keys: readonly string[]): Promise<ReadonlyMap<string, Outcome>>
  cancelChild(key: string): Promise<void>
}

type Extras = { readonly key?: string; readonly ms?: number; readonly statement?: Statement }

export class Run implements RunHandle {
  readonly wf: number
  readonly id: string
  readonly workflow: string
  readonly mailbox: Mailbox
  readonly #owner: Owner
  readonly #recorded: ReadonlyMap<number, RecordedRow> | null
  readonly #leftMs: ReadonlyMap<number, number> | null
  #armed: boolean
  #cancelled = false
  #shield = 0
  /** What a cancel interrupts: waits, pauses between attempts; and tells: children. */
  #interrupts: Set<() => void> | null = null

  constructor(owner: Owner, wf: number, id: string, workflow: string, mailbox: Mailbox, recorded: ReadonlyMap<number, RecordedRow> | null, leftMs: ReadonlyMap<number, number> | null) {
    this.#owner = owner
    this.wf = wf
    this.id = id
    this.workflow = workflow
    this.mailbox = mailbox
    this.#recorded = recorded
    this.#leftMs = leftMs
    this.#armed = leftMs !== null && leftMs.size > 0
  }

  get cancelled(): boolean {
    return this.#cancelled
  }

  deliver(message: Message): void {
    if (message.id === '') this.#cancel()
    else this.mailbox.put(message)
  }

  /** Records one row of this run. Never settles when the worker was fenced meanwhile. */
  record(seq: number, rowKind: Kind, name: string, data: string, extras?: Extras): Promise<string> {
    if (data.length > maxDataChars) return Promise.reject(new StepFailed('refused', `a value of at most ${maxDataChars} characters can be recorded, found ${data.length} at ${this.id}/${seq}`))
    return new Promise((resolve, reject) => {
      this.#owner.record({ wf: this.wf, seq, kind: rowKind, name, data, key: extras?.key ?? '', ms: extras?.ms ?? 0, statement: extras?.statement ?? null, resolve, reject })
    })
  }

  /** The last row. */
  end(seq: number, rowKind: Kind, data: string): Promise<string> {
    return this.record(seq, rowKind, '', data, { ms: this.#armed ? 1 : 0 })
  }

  async step(seq: number, name: string, retry: RetryPolicy, body: () => Promise<Json>): Promise<Result<Json>> {
    const past = this.#past(seq, name)
    if (past !== null) return settled(past)
    let pauseMs = retry.firstMs
    for (let attempt = 1; ; attempt++) {
      const wait = this.#owner.admit()
      if (wait !== null) await wait
      let value: Json
      try {
        value = await body()
      } catch (error) {
        const { message } = error as Error
        if (isNamed(error, 'Refused')) return this.#fail(seq, name, kind.stepFailed, new StepFailed('refused', message))
        if (attempt >= retry.attempts) return this.#fail(seq, name, kind.stepFailed, new StepFailed('exhausted', `${attempt} attempts of '${name}', the last: ${message}`))
        await this.#wait(pauseMs * (0.75 + Math.random() / 4), null)
        pauseMs = Math.min(pauseMs * retry.factor, retry.maxMs)
        continue
      } finally {
        this.#owner.left()
      }
      const data = encode(value, name)
      if (data instanceof StepFailed) return this.#fail(seq, name, kind.stepFailed, data)
      await this.record(seq, kind.step, name, data)
      return { ok: true, value }
    }
  }

  async transact(seq: number, name: string, statement: Statement): Promise<Result<Json>> {
    const past = this.#past(seq, name)
    if (past !== null) return settled(past)
    const wait = this.#owner.admit()
    if (wait !== null) await wait
    this.#owner.left()
    try {
      return { ok: true, value: JSON.parse(await this.record(seq, kind.rows, name, '', { statement })) as Json }
    } catch (error) {
      return this.#fail(seq, name, kind.stepFailed, new StepFailed('refused', `the store refused the statement of '${name}': ${(error as Error).message}`))
    }
  }

  async child(seq: number, workflow: string, input: Json): Promise<Result<Json>> {
    const key = `${this.id}/${seq}`
    const found = this.#row(seq, workflow)
    if (found !== undefined) return settled(found)
    if (this.#cancelled && this.#shield === 0) {
      // An earlier life may have started it: nothing of a cancelled run may go on after its end.
      if ((await this.#owner.outcomes([key])).get(key)!.status === 'running') {
        await this.#owner.cancelChild(key)
        await this.#owner.outcome(key)
      }
      this.#boundary()
    }
    await this.#owner.startChild(workflow, key, input)
    if (this.#cancelled && this.#shield === 0) await this.#owner.cancelChild(key)
    const outcome = await this.#interruptible(() => void this.#owner.cancelChild(key), this.#owner.outcome(key))
    if (outcome.status === 'completed') {
      await this.record(seq, kind.child, workflow, JSON.stringify(outcome.output))
      return { ok: true, value: outcome.output }
    }
    if (outcome.status === 'cancelled') this.#boundary()
    const { code, message } = outcome.status === 'failed' ? outcome.error : { code: outcome.status, message: '' }
    return this.#fail(seq, workflow, kind.childFailed, new StepFailed(code === 'exhausted' ? 'exhausted' : 'refused', `child ${key} ${code}: ${message}`))
  }

  async sleep(seq: number, ms: number): Promise<void> {
    if (this.#past(seq, '') !== null) return
    await this.#wait(await this.#arm(seq, ms), null)
    await this.record(seq, kind.slept, '', 'null')
  }

  async signal(seq: number, name: string, timeoutMs?: number): Promise<{ got: Json } | 'timeout'> {
    const past = this.#past(seq, name)
    if (past !== null) return past.kind === kind.timeout ? 'timeout' : { got: JSON.parse(past.data) as Json }
    const leftMs = timeoutMs === undefined ? Infinity : await this.#arm(seq, timeoutMs)
    const message = this.mailbox.take(name) ?? (await this.#wait(leftMs, name))
    if (message === null) {
      await this.record(seq, kind.timeout, name, 'null')
      return 'timeout'
    }
    await this.record(seq, kind.signal, name, message.payload, { key: message.id })
    return { got: JSON.parse(message.payload) as Json }
  }

  async uncancellable<T>(body: () => Promise<T>): Promise<T> {
    // No boundary here: a replay could not tell whether the block had begun before the cancel, and compensations begin after it.
    this.#shield++
    try {
      return await body()
    } finally {
      this.#shield--
    }
  }

  /** When it is due is recorded before the wait begins, by the store's clock, once: recovery never restarts it. */
  async #arm(seq: number, ms: number): Promise<number> {
    const left = this.#leftMs?.get(seq)
    if (left !== undefined) return left
    this.#armed = true
    await this.record(seq, kind.arm, '', '', { ms })
    return ms
  }

  /** Signal, time-out and cancel race here; the first takes it, and what comes later finds nobody waiting. */
  #wait(leftMs: number, name: string | null): Promise<Message | null> {
    this.#boundary()
    const { promise, resolve, reject } = Promise.withResolvers<Message | null>()
    const over = (): void => {
      disarm?.()
      leave?.()
      this.#interrupts?.delete(interrupt)
    }
    const interrupt = (): void => {
      over()
      reject(this.#cancellation())
    }
    const disarm = leftMs === Infinity ? undefined : alarm(leftMs, () => {
      over()
      resolve(null)
    })
    const leave = name === null ? undefined : this.mailbox.wait(name, (message) => {
      over()
      resolve(message)
    })
    if (this.#shield === 0) (this.#interrupts ??= new Set()).add(interrupt)
    return promise
  }

  /** A child is told of the cancel, and waited for all the same. */
  async #interruptible<T>(interrupt: () => void, promise: Promise<T>): Promise<T> {
    if (this.#shield > 0) return promise
    const interrupts = (this.#interrupts ??= new Set())
    interrupts.add(interrupt)
    try {
      return await promise
    } finally {
      interrupts.delete(interrupt)
    }
  }

  #cancel(): void {
    this.#cancelled = true
    for (const interrupt of [...(this.#interrupts ?? [])]) interrupt()
  }

  /** A cancel is a fact of the store before it is seen here, and stays one: every replay turns back at the same place. */
  #boundary(): void {
    if (this.#cancelled && this.#shield === 0) throw this.#cancellation()
  }

  #cancellation(): Cancelled {
    return new Cancelled(`run ${this.id} was cancelled`)
  }

  #past(seq: number, name: string): RecordedRow | null {
    const row = this.#row(seq, name)
    if (row !== undefined) return row
    this.#boundary()
    return null
  }

  #row(seq: number, name: string): RecordedRow | undefined {
    const row = this.#recorded?.get(seq)
    if (row !== undefined && row.name !== name) throw new Diverged(`run ${this.id} recorded '${row.name}' at ${seq}, and its body now asks for '${name}' there; run the version that began it`)
    return row
  }

  async #fail(seq: number, name: string, rowKind: Kind, error: StepFailed): Promise<Result<Json>> {
    await this.record(seq, rowKind, name, JSON.stringify({ code: error.code, message: error.message }))
    return { ok: false, error }
  }
}

/** The body is not the one that wrote the journal. The run is left as it is. */
export class Diverged extends Error {
  override readonly name = 'Diverged'
}
