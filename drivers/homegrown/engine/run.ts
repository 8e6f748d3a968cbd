// One run in memory: its operations, each answered from the journal or carried out and then recorded. What an operation came
// to is decided here, in one thread, at the moment its row is handed to the pump; the fence decides whether it counts.
import { isNamed, StepFailed } from '../../../contract/errors.ts'
import type { Json } from '../../../contract/json.ts'
import type { Asker } from './endings.ts'
import { Idleness, type Idle } from './idleness.ts'
import type { Mailbox } from './mailbox.ts'
import type { Message, RecordedRow } from './store.ts'
import type { Outcome, Result, RunHandle, Statement, StepPolicy } from './types.ts'
import { endSeq, kind, maxDataChars, type Kind, type Unit } from './unit.ts'
import { encode, settled } from './values.ts'
import { timed } from './timed.ts'
import { Waits } from './waits.ts'

/** What a run needs of its worker. */
export interface Owner {
  record(unit: Unit): void
  /** May this body run now? Waits while in doubt about the lease; never comes back when stopping or fenced. */
  admit(): Promise<void> | null
  left(): void
  startChild(workflow: string, key: string, input: Json): Promise<unknown>
  outcome(key: string, asker: Asker): Promise<Outcome>
  outcomes(keys: readonly string[]): Promise<ReadonlyMap<string, Outcome>>
  cancelChild(key: string): Promise<void>
  /** The run has recorded that it continues as new. */
  renewed(run: Run, input: Json): void
  /** Delivers what the store holds for the run. */
  redeliver(run: Run): void
  /** The run has just begun to do nothing but wait. */
  idle(run: Run): void
}

type Extras = { readonly key?: string; readonly ms?: number; readonly tenant?: string; readonly statement?: Statement }

const never = new Promise<never>(() => undefined)

export class Run implements RunHandle {
  readonly wf: number
  readonly id: string
  readonly workflow: string
  readonly #owner: Owner
  readonly mailbox: Mailbox
  readonly #waits: Waits
  readonly #idleness = new Idleness(this)
  readonly #recorded: ReadonlyMap<number, RecordedRow> | null
  readonly #leftMs: ReadonlyMap<number, number> | null
  #armed: boolean
  /** It has left memory. */
  aborted = false

  constructor(owner: Owner, wf: number, id: string, workflow: string, mailbox: Mailbox, recorded: ReadonlyMap<number, RecordedRow> | null, leftMs: ReadonlyMap<number, number> | null) {
    this.#owner = owner
    this.wf = wf
    this.id = id
    this.workflow = workflow
    this.mailbox = mailbox
    this.#waits = new Waits(id, mailbox)
    this.#recorded = recorded
    this.#leftMs = leftMs
    this.#armed = leftMs !== null && leftMs.size > 0
  }

  get cancelled(): boolean {
    return this.#waits.cancelled
  }

  /** What it waits for, while it does nothing else. */
  get idle(): Idle | null {
    return this.#idleness.idle
  }

  get idleStamp(): number {
    return this.#idleness.stamp
  }

  becameIdle(): void {
    // One that was cancelled has its message still there, and would be brought back at once.
    if (!this.cancelled) this.#owner.idle(this)
  }

  /** It leaves memory: whatever still reaches its body, it begins nothing and records nothing. */
  abandon(): void {
    this.aborted = true
    this.#waits.abandon()
  }

  deliver(message: Message): void {
    this.#waits.deliver(message)
  }

  /** Records one row of this run. Never settles when the worker was fenced meanwhile. */
  record(seq: number, rowKind: Kind, name: string, data: string, extras?: Extras): Promise<string> {
    if (data.length > maxDataChars) return Promise.reject(new StepFailed('refused', `a value of at most ${maxDataChars} characters can be recorded, found ${data.length} at ${this.id}/${seq}`))
    return new Promise((resolve, reject) => {
      if (!this.aborted) this.#owner.record({ wf: this.wf, seq, kind: rowKind, name, data, key: extras?.key ?? '', ms: extras?.ms ?? 0, tenant: extras?.tenant ?? '', statement: extras?.statement ?? null, resolve, reject })
    })
  }

  /** The last row. */
  end(rowKind: Kind, data: string): Promise<string> {
    return this.record(endSeq, rowKind, '', data, { ms: this.#armed ? 1 : 0, key: this.#parent })
  }

  /** '' for a run that nobody waits for as its parent. */
  get #parent(): string {
    const at = this.id.lastIndexOf('/')
    return at < 0 ? '' : this.id.slice(0, at)
  }

  async step(seq: number, name: string, policy: StepPolicy, body: (abort: AbortSignal | null) => Promise<Json>): Promise<Result<Json>> {
    if (this.aborted) return never
    const past = this.#past(seq, name)
    if (past !== null) return settled(past)
    this.#idleness.begin()
    try {
      return await this.#attempts(seq, name, policy, body)
    } finally {
      this.#idleness.end()
    }
  }

  async #attempts(seq: number, name: string, policy: StepPolicy, body: (abort: AbortSignal | null) => Promise<Json>): Promise<Result<Json>> {
    let pauseMs = policy.firstMs
    for (let attempt = 1; ; attempt++) {
      const wait = this.#owner.admit()
      if (wait !== null) await wait
      let value: Json
      try {
        value = await (policy.timeoutMs === undefined ? body(null) : timed(policy.timeoutMs, body))
      } catch (error) {
        const { message } = error as Error
        if (isNamed(error, 'Refused')) return this.#fail(seq, name, kind.stepFailed, new StepFailed('refused', message))
        if (attempt >= policy.attempts) return this.#fail(seq, name, kind.stepFailed, new StepFailed('exhausted', `${attempt} attempts of '${name}', the last: ${message}`))
        await this.#waits.wait(pauseMs * (0.75 + Math.random() / 4), null)
        pauseMs = Math.min(pauseMs * policy.factor, policy.maxMs)
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
    if (this.aborted) return never
    const past = this.#past(seq, name)
    if (past !== null) return settled(past)
    this.#idleness.begin()
    try {
      const wait = this.#owner.admit()
      if (wait !== null) await wait
      this.#owner.left()
      return { ok: true, value: JSON.parse(await this.record(seq, kind.rows, name, '', { statement })) as Json }
    } catch (error) {
      return await this.#fail(seq, name, kind.stepFailed, new StepFailed('refused', `the store refused the statement of '${name}': ${(error as Error).message}`))
    } finally {
      this.#idleness.end()
    }
  }

  async child(seq: number, workflow: string, input: Json): Promise<Result<Json>> {
    if (this.aborted) return never
    const found = this.#row(seq, workflow)
    if (found !== undefined) return settled(found)
    this.#idleness.begin()
    try {
      return await this.#family(seq, workflow, `${this.id}/${seq}`, input)
    } finally {
      this.#idleness.end()
    }
  }

  async #family(seq: number, workflow: string, key: string, input: Json): Promise<Result<Json>> {
    if (this.#waits.turnsBack) {
      // An earlier life may have started it: nothing of a cancelled run may go on after its end.
      if ((await this.#owner.outcomes([key])).get(key)!.status === 'running') {
        await this.#owner.cancelChild(key)
        await this.#owner.outcome(key, this)
      }
      this.#waits.boundary()
    }
    await this.#owner.startChild(workflow, key, input)
    if (this.#waits.turnsBack) await this.#owner.cancelChild(key)
    const end = this.#waits.interruptible(() => void this.#owner.cancelChild(key), this.#owner.outcome(key, this))
    const outcome = await this.#idleness.expecting(key, end)
    if (outcome.status === 'completed') {
      await this.record(seq, kind.child, workflow, JSON.stringify(outcome.output))
      return { ok: true, value: outcome.output }
    }
    if (outcome.status === 'cancelled') this.#waits.boundary()
    const { code, message } = outcome.status === 'failed' ? outcome.error : { code: outcome.status, message: '' }
    return this.#fail(seq, workflow, kind.childFailed, new StepFailed(code === 'exhausted' ? 'exhausted' : 'refused', `child ${key} ${code}: ${message}`))
  }

  async sleep(seq: number, ms: number): Promise<void> {
    if (this.aborted) return never
    if (this.#past(seq, '') !== null) return
    this.#idleness.begin()
    try {
      const leftMs = await this.#arm(seq, ms)
      await this.#idleness.waiting('timer', seq, this.#waits.wait(leftMs, null))
      await this.record(seq, kind.slept, '', 'null')
    } finally {
      this.#idleness.end()
    }
  }

  async signal(seq: number, name: string, timeoutMs?: number): Promise<{ got: Json } | 'timeout'> {
    if (this.aborted) return never
    const past = this.#past(seq, name)
    if (past !== null) return past.kind === kind.timeout ? 'timeout' : { got: JSON.parse(past.data) as Json }
    this.#idleness.begin()
    try {
      const leftMs = timeoutMs === undefined ? Infinity : await this.#arm(seq, timeoutMs)
      const timerSeq = timeoutMs === undefined ? null : seq
      let message = await this.#message(name, leftMs, timerSeq)
      if (message === null) {
        if ((await this.record(seq, kind.timeout, name, 'null')) !== 'late') return 'timeout'
        // A message was accepted in time, and has not reached us.
        const arriving = this.#message(name, Infinity, null)
        this.#owner.redeliver(this)
        message = (await arriving)!
      }
      await this.record(seq, kind.signal, name, message.payload, { key: message.id })
      return { got: JSON.parse(message.payload) as Json }
    } finally {
      this.#idleness.end()
    }
  }

  async #message(name: string, leftMs: number, timerSeq: number | null): Promise<Message | null> {
    return this.mailbox.take(name) ?? this.#idleness.waiting(`signal ${name}`, timerSeq, this.#waits.wait(leftMs, name))
  }

  async renew(seq: number, input: Json): Promise<never> {
    if (this.aborted) return never
    this.#waits.boundary()
    this.#idleness.begin()
    await this.record(seq, kind.renewed, '', JSON.stringify(input))
    this.#owner.renewed(this, input)
    return never
  }

  uncancellable<T>(body: () => Promise<T>): Promise<T> {
    return this.#waits.shielded(body)
  }

  /** When it is due is recorded before the wait begins, by the store's clock, once: recovery never restarts it. */
  async #arm(seq: number, ms: number): Promise<number> {
    const left = this.#leftMs?.get(seq)
    if (left !== undefined) return left
    this.#armed = true
    await this.record(seq, kind.arm, '', '', { ms })
    return ms
  }

  #past(seq: number, name: string): RecordedRow | null {
    const row = this.#row(seq, name)
    if (row !== undefined) return row
    this.#waits.boundary()
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
