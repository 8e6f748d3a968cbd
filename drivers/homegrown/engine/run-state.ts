// What a run is while it is in memory: what it has recorded, what it waits for, and how it records more. Nothing here knows an
// operation; those are in steps.ts, family.ts and pauses.ts.
import { StepFailed } from '../../../contract/errors.ts'
import type { Json } from '../../../contract/json.ts'
import type { Asker } from './endings.ts'
import { Idleness, type Idle } from './idleness.ts'
import type { Mailbox } from './mailbox.ts'
import type { Message, RecordedRow } from './store.ts'
import type { Outcome, Result, Statement } from './types.ts'
import { endSeq, kind, maxDataChars, type Kind, type Unit } from './unit.ts'
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
  renewed(run: RunState, input: Json): void
  /** Delivers what the store holds for the run. */
  redeliver(run: RunState): void
  /** The run has just begun to do nothing but wait. */
  idle(run: RunState): void
}

/** That its worker survived it so far: it recorded something, does nothing but wait, had an attempt fail, or left memory. */
type Sign = 'records' | 'waits' | 'fails' | 'left'

type Extras = { readonly key?: string; readonly ms?: number; readonly tenant?: string; readonly statement?: Statement }

export class RunState {
  readonly wf: number
  readonly id: string
  readonly workflow: string
  readonly owner: Owner
  readonly mailbox: Mailbox
  readonly waits: Waits
  readonly idleness = new Idleness(this)
  readonly #recorded: ReadonlyMap<number, RecordedRow> | null
  readonly #leftMs: ReadonlyMap<number, number> | null
  #armed: boolean
  #shown: ((sign: Sign) => void) | null = null
  /** It has left memory. */
  aborted = false

  constructor(owner: Owner, wf: number, id: string, workflow: string, mailbox: Mailbox, recorded: ReadonlyMap<number, RecordedRow> | null, leftMs: ReadonlyMap<number, number> | null) {
    this.owner = owner
    this.wf = wf
    this.id = id
    this.workflow = workflow
    this.mailbox = mailbox
    this.waits = new Waits(id, mailbox)
    this.#recorded = recorded
    this.#leftMs = leftMs
    this.#armed = leftMs !== null && leftMs.size > 0
  }

  get cancelled(): boolean {
    return this.waits.cancelled
  }

  /** What it waits for, while it does nothing else. */
  get idle(): Idle | null {
    return this.idleness.idle
  }

  get idleStamp(): number {
    return this.idleness.stamp
  }

  /** The first from now on. */
  sign(): Promise<Sign> {
    return new Promise((resolve) => (this.#shown = resolve))
  }

  becameIdle(): void {
    this.#shown?.('waits')
    // One that was cancelled has its message still there, and would be brought back at once.
    if (!this.cancelled) this.owner.idle(this)
  }

  /** An attempt of a step failed, and another one will follow. */
  failedOnce(): void {
    this.#shown?.('fails')
  }

  /** It leaves memory: whatever still reaches its body, it begins nothing and records nothing. */
  abandon(): void {
    this.aborted = true
    this.#shown?.('left')
    this.waits.abandon()
  }

  deliver(message: Message): void {
    this.waits.deliver(message)
  }

  /** Records one row of this run. Never settles when the worker was fenced meanwhile. */
  record(seq: number, rowKind: Kind, name: string, data: string, extras?: Extras): Promise<string> {
    if (data.length > maxDataChars) return Promise.reject(new StepFailed('refused', `a value of at most ${maxDataChars} characters can be recorded, found ${data.length} at ${this.id}/${seq}`))
    return new Promise((resolve, reject) => {
      const shown = this.#shown
      const done = shown === null ? resolve : (value: string): void => {
        shown('records')
        resolve(value)
      }
      if (!this.aborted) this.owner.record({ wf: this.wf, seq, kind: rowKind, name, data, key: extras?.key ?? '', ms: extras?.ms ?? 0, tenant: extras?.tenant ?? '', statement: extras?.statement ?? null, resolve: done, reject })
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

  /** When it is due is recorded before the wait begins, by the store's clock, once: recovery never restarts it. */
  async arm(seq: number, ms: number): Promise<number> {
    const left = this.#leftMs?.get(seq)
    if (left !== undefined) return left
    this.#armed = true
    await this.record(seq, kind.arm, '', '', { ms })
    return ms
  }

  /** What is recorded there; null: nothing, and the operation may begin. */
  past(seq: number, name: string): RecordedRow | null {
    const row = this.row(seq, name)
    if (row !== undefined) return row
    this.waits.boundary()
    return null
  }

  /** @throws Diverged when it is another operation's */
  row(seq: number, name: string): RecordedRow | undefined {
    const row = this.#recorded?.get(seq)
    if (row !== undefined && row.name !== name) throw new Diverged(`run ${this.id} recorded '${row.name}' at ${seq}, and its body now asks for '${name}' there; run the version that began it`)
    return row
  }

  /** Records that the operation failed for good. */
  async fail(seq: number, name: string, rowKind: Kind, error: StepFailed): Promise<Result<Json>> {
    await this.record(seq, rowKind, name, JSON.stringify({ code: error.code, message: error.message }))
    return { ok: false, error }
  }
}

/** The body is not the one that wrote the journal. The run is left as it is. */
export class Diverged extends Error {
  override readonly name = 'Diverged'
}
