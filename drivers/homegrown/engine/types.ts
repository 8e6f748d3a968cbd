// The engine's vocabulary for those who use it: a workflow is a function of its handle and its input; every durable
// operation has a number that its author (or a thin layer above) gives, the same at each replay. Trade-off: numbers instead
// of call order, so that a layer above may count calls in a way of its own.
import type { StepFailed } from '../../../contract/errors.ts'
import type { Json } from '../../../contract/json.ts'

export type Result<T> = { ok: true; value: T } | { ok: false; error: StepFailed }

/** How a step is tried: pauses grow by `factor` from `firstMs` to `maxMs`, less up to a quarter by chance. */
export interface StepPolicy {
  readonly attempts: number
  readonly firstMs: number
  readonly factor: number
  readonly maxMs: number
  /** An attempt that takes longer has failed; its body is told, and what it still returns counts for nothing. Default: none. */
  readonly timeoutMs?: number
}

/** One SQL statement; it needs RETURNING (or is a SELECT), and its rows are the result. */
export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

/** What a workflow's body can do. A recorded operation is answered from the journal and runs nothing. */
export interface RunHandle {
  readonly id: string
  readonly workflow: string
  /** Runs `body` until it succeeds, is refused or the policy runs out, then records what it came to. */
  step(seq: number, name: string, policy: StepPolicy, body: (abort: AbortSignal | null) => Promise<Json>): Promise<Result<Json>>
  /** The statement's effect and its record are one commit. */
  transact(seq: number, name: string, statement: Statement): Promise<Result<Json>>
  /** A run of its own with the id `<parent>/<seq>`; ends with this run's wait for it. */
  child(seq: number, workflow: string, input: Json): Promise<Result<Json>>
  sleep(seq: number, ms: number): Promise<void>
  /** The next signal of that name, sent at any time since the start. */
  signal(seq: number, name: string, timeoutMs?: number): Promise<{ got: Json } | 'timeout'>
  /** Continues with a new input and an empty history; signals that were not taken stay. Numbers go on: those of the next life are above `seq`. */
  renew(seq: number, input: Json): Promise<never>
  /** Operations inside are run even after a cancel was asked for. */
  uncancellable<T>(body: () => Promise<T>): Promise<T>
}

export type WorkflowBody = (run: RunHandle, input: Json) => Promise<Json>

export type Outcome =
  | { readonly status: 'completed'; readonly output: Json }
  | { readonly status: 'failed'; readonly error: { readonly code: string; readonly message: string } }
  | { readonly status: 'cancelled' }
  | { readonly status: 'running' }
  /** It has ended, and its history was dropped as old. */
  | { readonly status: 'forgotten' }
  | { readonly status: 'absent' }

/** Where the engine lives. */
export interface StoreOptions {
  readonly url: string
  /** The schema that `migrate` made; nothing outside of it is touched. */
  readonly schema: string
  /** A worker silent for this long, by the store's clock, loses its runs. */
  readonly leaseMs: number
  /** How often to look for signals from other processes, expired workers and ends that others recorded. */
  readonly pollMs: number
}

export interface WorkerOptions extends StoreOptions {
  /** For people; the fencing token is a number that the store gives. */
  readonly incarnation: string
  /** At most one worker of an identity lives: a new one fences its predecessor at once, without waiting for its lease. */
  readonly identity: string
  readonly workflows: ReadonlyMap<string, WorkflowBody>
  /** Of this code: runs that it starts go on with this version alone. Default: none, and any worker may go on with them. */
  readonly version?: string
  /** Earlier versions whose runs this code can go on with. */
  readonly continues?: readonly string[]
  /** A run that has only waited for this long leaves memory. Default 10 s. */
  readonly parkAfterMs?: number
  /** Called once, when another worker has taken over or the store is lost for good: nothing will be recorded any more. */
  onLost(why: string): void
  /** Lines for an operator; rare. */
  log?(line: string): void
}

export interface StartOptions {
  /** The run begins so much later, by the store's clock. */
  readonly delayMs?: number
  /** The run begins when fewer of this tenant's are under way than its cap. */
  readonly tenant?: string
}

/** What makes a write strict: conditions as SQL, and what becomes of a batch whose answer was lost. */
export interface Guards {
  /** $1 worker, $2 number of the batch. */
  readonly fence: string
  /** What an INSERT into the journal does about a row that is there. */
  readonly onDuplicate: '' | `ON CONFLICT ${string}`
  /** What a take-over does to its victim. */
  readonly revoke: string
  /** ask: it is sent again under its number. */
  readonly unanswered: 'ask' | 'believe'
}

export interface Client {
  /** Resolves when the start is durable. `existing`: a run of that id was there, whatever its input. */
  start(workflow: string, id: string, input: Json): Promise<'started' | 'existing'>
  /** Waits for the end. */
  outcome(id: string, asker?: { readonly aborted: boolean }): Promise<Outcome>
  /** One read, waits for nothing. */
  outcomes(ids: readonly string[]): Promise<Map<string, Outcome>>
  /** Resolves when durable; the same `signalId` counts once. */
  signal(id: string, name: string, payload: Json, signalId: string): Promise<void>
  cancel(id: string): Promise<void>
}
