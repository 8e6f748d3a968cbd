// What a scenario author sees. A body may use Ctx and nothing else: engines replay it, Temporal in a sandbox without Node.
import type { Json } from './json.ts'
import type { StepFailed } from './errors.ts'
import type { Outcome } from './outcome.ts'
import type { World } from './world.ts'

export type Op = { readonly step: string; readonly input: Json } | { readonly child: string; readonly input: Json }

export type Settled<T> = { ok: true; value: T } | { ok: false; error: StepFailed }

/** All that a workflow body may use; the rest of it is pure. Steps go by name, since a closure can't cross to another process. */
export interface Ctx {
  readonly workflowId: string
  /** @throws StepFailed when refused or exhausted; Cancelled */
  step<T extends Json>(name: string, input: Json): Promise<T>
  /** Like `step` or `child`, but a failure is a value: a saga needs no catch. */
  attempt<T extends Json>(op: Op): Promise<Settled<T>>
  /** Branches are data: started in order, waits for every one. The only concurrency there is. */
  all<T extends Json>(ops: readonly Op[]): Promise<Settled<T>[]>
  /** Effect and record in one commit of the store (capability). */
  transact<T extends Json>(name: string, input: Json): Promise<T>
  sleep(ms: number): Promise<void>
  /** Waits for the next signal of that name, sent before or during the wait. */
  signal<T extends Json>(name: string, options?: { timeoutMs?: number }): Promise<{ got: T } | 'timeout'>
  child<T extends Json>(scenario: string, input: Json): Promise<T>
  /** Sequential only (capability). */
  uncancellable<T>(body: () => Promise<T>): Promise<T>
  /** Continue as new, carrying signals not yet consumed (capability). */
  renew(input: Json): Promise<never>
}

export type Workflow = (ctx: Ctx, input: Json) => Promise<Json>

export interface RetryPolicy {
  readonly attempts: number
  readonly firstMs: number
  readonly factor: number
  readonly maxMs: number
}

export interface StepCall {
  readonly workflowId: string
  readonly seq: number
  /** Every seq ≤ after is known to be recorded. */
  readonly after: number
  /** Idempotency key: stable over retries and recoveries. */
  readonly key: string
  /** Aborts at the step's timeoutMs. */
  readonly signal: AbortSignal
}

export interface StepSpec {
  /** Runs in a worker process, at least once. Throws Refused when a retry is pointless; anything else is retried. */
  run(world: World, input: Json, call: StepCall): Promise<Json>
  /** none: touches nothing; keyed: the world deduplicates by key; unkeyed: each run is seen, so a double run shows. */
  readonly effect: 'none' | 'keyed' | 'unkeyed'
  /** Also the engine's crash-detection time where it has no other. */
  readonly timeoutMs: number
  readonly retry: RetryPolicy
}

/** One statement; its rows are the result. `values` are pg parameters. */
export type Transaction = (input: Json, call: Omit<StepCall, 'signal'>) => { text: string; values: unknown[] }

/** A signal that the outside sends. `signalId` deduplicates a client's retries. */
export interface PlannedSignal {
  readonly name: string
  readonly payload: Json
  readonly signalId: string
  /** After the start was acknowledged; small ones arrive before the wait, large ones during or after it. */
  readonly afterMs: number
}

/** A cancel that the outside sends. */
export interface PlannedCancel {
  /** After the start was acknowledged. */
  readonly afterMs: number
}

/** A wait that a run makes once, at which rivals meet: answers of one name, its time-out, a cancel. One of them decides. */
export interface Race {
  /** The name of the signal that is waited for. */
  readonly wait: string
  /** For each decision the steps that it may lead to; two decisions may share some, but each has one of its own. */
  readonly branches: Readonly<Record<string, readonly string[]>>
  /** The decision that this signal brings; null: the time-out. */
  decision(signalId: string | null): string
}

/** Runs that take their worker down whenever `step` runs. */
export interface Poison {
  readonly step: string
  isDeadly(input: Json): boolean
  /** How many workers may die of one such run before it is given up. */
  readonly livesAtMost: number
}

export interface Scenario {
  readonly name: string
  readonly version: string
  /** Which real agent it stands for: one paragraph, shown in reports. */
  readonly about: string
  readonly workflow: Workflow
  /** Later versions of it. A run goes on with the version that began it. */
  readonly bodies?: Readonly<Record<string, Workflow>>
  /** Whose body a step belongs to. */
  readonly versionOf?: (step: string) => string
  readonly steps: Readonly<Record<string, StepSpec>>
  readonly transactions: Readonly<Record<string, Transaction>>
  /** Tables that the transactions need, as idempotent DDL: a driver with `transact` runs it at deploy, in the engine's store. */
  readonly tables?: readonly string[]
  /** What the transactions left in those tables, as a query for (workflow id, key), a row for each effect: read from the store itself. */
  readonly evidence?: string
  /** The input of the index-th run; `params` come from the plan. */
  input(seed: number, index: number, params: Json): Json
  /** Those with the same `afterMs` are sent at once, by different clients where there are two; a cancel of that time too. */
  signals(seed: number, index: number, workflowId: string, params: Json): readonly PlannedSignal[]
  /** Whose run it is: an engine that keeps tenants apart is told so, and each tenant's latency is measured. */
  readonly tenantOf?: (input: Json) => string
  /** Whether the outside cancels the run. */
  cancels?(seed: number, index: number): PlannedCancel | null
  readonly races?: readonly Race[]
  /** What takes a step back, by step: a run that is cancelled (needs `uncancellable`) or gives up does it once for each of them that it did, the last first. */
  readonly compensations?: Readonly<Record<string, string>>
  /** Whether a completed run gave up and took back what it did, as its output says. */
  gaveUp?(output: Json): boolean
  /** What a run of that input can't have come to: a sentence; null: nothing is wrong with this end. */
  objection?(input: Json, end: Outcome): string | null
  /** Capabilities without which its point is left out, beside those that other fields tell of. */
  readonly needs?: readonly ('renew' | 'upgrade')[]
  readonly poison?: Poison
  /** After the last heal, everything admitted ends within this time. */
  readonly livenessMs: number
  /** Names of the steps in the order of the seq numbers of a run; null where a seq is no step, or one that fails. Targets of failpoints. */
  readonly path: readonly (string | null)[]
  /** The path of a run of that input, where not all take `path`. */
  pathOf?(input: Json): readonly (string | null)[]
  /** Runs go on after their path, each for as long as it takes. */
  readonly openEnded?: true
  /** For conservation: what an outcome says was kept, in cents; null if it says nothing about money. */
  keptCents(output: Json): number | null
}
