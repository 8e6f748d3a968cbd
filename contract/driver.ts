// What a driver author sees. A driver supplies primitives; worker/context.ts turns them into a Ctx, once for all engines.
import type { Json } from './json.ts'
import type { Op, RetryPolicy, Scenario, Settled, StepSpec } from './scenario.ts'
import type { JournalEntry, Reply, Envelope } from './logs.ts'
import type { Outcome } from './outcome.ts'

/** `input` of a step or transact is an Envelope; of a child, the child's plain input. A child's workflow id is `<parent>/<seq>`. */
export type NumberedOp = ({ readonly step: string; readonly input: Envelope } | { readonly child: string; readonly input: Json } | { readonly transact: string; readonly input: Envelope }) & {
  readonly seq: number
  readonly after: number
  readonly key: string
}

export interface Primitives {
  /** Settles in the order of ops. A step's or transact's value is its Reply; a child's is its Output. */
  run(ops: readonly NumberedOp[]): Promise<Settled<Json>[]>
  sleep(seq: number, ms: number): Promise<void>
  /** What arrives is a SignalEnvelope. */
  signal(seq: number, name: string, timeoutMs?: number): Promise<{ got: Json } | 'timeout'>
  uncancellable?<T>(body: () => Promise<T>): Promise<T>
  renew?(seq: number, input: Json): Promise<never>
  /** Called when an op begins and when the body returns: failpoints of the body, and nothing else, hang on it. */
  reached?(point: BodyPoint, seq: number): void
}

export type StepPoint = 'before-effect' | 'after-effect' | 'after-return'
export type BodyPoint = 'op-begins' | 'body-returns'
export type FailPoint = StepPoint | BodyPoint

export type Capability =
  | 'step' | 'all' | 'transact' | 'sleep' | 'signal-once' | 'signal-stream' | 'signal-early' | 'signal-dedup'
  | 'child' | 'uncancellable' | 'renew' | 'cancel' | 'start-dedup' | 'journal' | 'takeover'
  /** Versions side by side: a run goes on with the one that began it, wherever a worker of that version lives (WorkerSlot.version). */
  | 'upgrade'
export type Support = 'native' | 'emulated' | 'absent'

export type ServiceNeed = 'postgres' | 'temporal'

export interface Promised<T extends Json> {
  readonly value: T
  /** The maker's page that says so, or 'ours' where the driver or this project's engine promises it. */
  readonly page: string
}

/** What the engine's makers promise; reports hold the measurements against it. */
export interface Promises {
  readonly effects: Promised<'at-least-once' | 'at-most-once' | 'exactly-once-recorded'>
  readonly cancel: Promised<'boundary' | 'cooperative' | 'absent'>
  readonly orphans: Promised<'terminate' | 'abandon' | 'cancel' | 'none'>
  /** How long a start's id is remembered. */
  readonly startDedup: Promised<string>
  readonly timerGrainMs: Promised<number>
  readonly limits: Promised<string>
  /** Who recovers the runs of a dead worker, and after how long. */
  readonly recovery: Promised<{ who: 'engine' | 'same-identity' | 'operator' | 'nobody'; afterMs: number }>
  readonly fencing: Promised<string>
  /** What becomes of a run that takes its worker down whenever it is tried; absent: nothing is promised, and it may be tried for ever. */
  readonly poison?: Promised<'fails' | 'put-aside'>
}

/** Crash detection is a time-out in some engines; all get theirs from one budget so that none wins by tuning. */
export interface TimeBudget {
  /** How long a worker may be silent (pause, garbage collection) before others take over. */
  readonly leaseMs: number
  /** Poll interval of engines that poll. */
  readonly pollMs: number
}

export interface Environment {
  readonly runId: string
  /** Databases, schemas and namespaces that a driver makes start with it; it drops nothing else. Matches /^[a-z][a-z0-9_]{0,30}$/. */
  readonly prefix: string
  readonly postgresUrl?: string
  readonly temporalAddress?: string
  /** Where apps reach it, if not where workers do: a proxy stands between. */
  readonly temporalAppAddress?: string
  /** Somebody else runs that server: keys to it are in the environment of each process, and a namespace may be given, since a managed cluster lets nobody register one. */
  readonly temporalExternal?: ExternalTemporal
  /** A folder for the driver's own files (bundles). */
  readonly folder: string
  readonly variant: Json
  readonly budget: TimeBudget
  readonly scenarios: readonly Scenario[]
}

/** `namespace`: one that was given. */
export interface ExternalTemporal {
  readonly namespace: string | null
}

export interface WorkerSlot {
  readonly index: number
  /** Unique per process: the fencing token's name. */
  readonly incarnation: string
  /** Whether it survives a restart is an axis of the plan (DBOS recovers only the same executor). */
  readonly identity: string
  /** Of the code: which bodies it has (Scenario.bodies), and so which runs it may go on with. */
  readonly version: string
}

/** What the harness needs to spawn worker/main.ts for this driver. */
export interface WorkerSpec {
  /** URL of the module that exports a WorkerModule. */
  readonly module: string
  /** Deployment.info plus what this worker needs; plain, since it crosses processes. */
  readonly config: Json
  readonly nodeArgs?: readonly string[]
  readonly stop: { readonly signal: 'SIGTERM' | 'SIGINT'; readonly graceMs: number }
}

export interface Driver {
  readonly name: string
  readonly title: string
  readonly needs: readonly ServiceNeed[]
  /** embedded: the app's process is the worker (how a library's users do it); remote: the app is apart. */
  readonly placement: 'embedded' | 'remote'
  readonly capabilities: Readonly<Record<Capability, Support>>
  readonly promises: Promises
  /** `default` is as the engine's docs tell, and the headline; tuned ones stand beside it. */
  readonly variants: Readonly<Record<string, Json>> & { readonly default: Json }
  /** Points of a crash that are hit only approximately, beside `after-return`; left out: all others are exact. */
  readonly approximate?: readonly FailPoint[]
  /** Bodies are bundled before anything runs: only scenarios that ship can be played. */
  readonly bundled?: true
  /** What a variant changes in a server of our own, by the names of its settings; an external one keeps its own. */
  serverConfig?(variant: Json): Readonly<Record<string, string>>
  /** Settings changed from the engine's defaults, each with its reason: part of the operational surface. */
  readonly settings: readonly { readonly name: string; readonly value: string; readonly why: string }[]
  /** Versions of engine and SDK, for the fingerprint. */
  versions(): Readonly<Record<string, string>>
  deploy(env: Environment): Promise<Deployment>
}

export interface Deployment extends AsyncDisposable {
  readonly info: Json
  worker(slot: WorkerSlot): WorkerSpec
  /** Remote placement: left out, an app is given what a worker is. */
  app?(slot: WorkerSlot): WorkerSpec
  /** Bulk, without times: they could not be compared. Ids are top-level runs; children are included. */
  journal(ids: readonly string[]): AsyncIterable<JournalEntry>
  /** Only where a person or a cron must act; lost are identities of dead workers. */
  recover?(lost: readonly string[]): Promise<void>
}

/** Fails with Rejected (did not happen, for sure) or Unknown (may have happened); anything else is the driver's bug. */
export interface Client extends AsyncDisposable {
  /** Resolves when durable. */
  start(request: { scenario: string; id: string; input: Json }, signal: AbortSignal): Promise<'started' | 'existing'>
  /** By the engine's own notification; waits for the end. */
  outcome(id: string, signal: AbortSignal): Promise<Outcome>
  /** Bulk, one read, waits for nothing. */
  outcomes(ids: readonly string[]): Promise<ReadonlyMap<string, Outcome>>
  /** `payload` is a SignalEnvelope already. */
  signal(request: { id: string; name: string; payload: Json; signalId: string }, signal: AbortSignal): Promise<void>
  cancel(id: string, signal: AbortSignal): Promise<void>
}

// The worker's side -----------------------------------------------------------------------------------------------------

/** What worker/main.ts offers to a driver's worker module. */
export interface WorkerHost {
  readonly config: Json
  readonly slot: WorkerSlot
  readonly scenarios: ReadonlyMap<string, Scenario>
  /** Runs a step's body once: ledger, failpoints, nonce. Throws Refused (no retry) or anything else (retry by the spec's policy). */
  execute(call: StepExecution): Promise<Reply>
  spec(scenario: string, step: string): StepSpec
  /** Body points, for primitives.reached. Kills this process when a failpoint is bound to it. */
  reached(point: BodyPoint, workflowId: string, seq: number): void
  /** Tell the harness that the worker can't go on (fenced, store lost for good): it exits with this message. */
  fatal(message: string): never
}

export interface StepExecution {
  readonly scenario: string
  readonly workflowId: string
  readonly step: string
  readonly seq: number
  readonly after: number
  readonly key: string
  readonly input: Envelope
}

export interface RunningWorker {
  /** Embedded placement: the app uses it. */
  readonly client?: Client
  /** Graceful: finishes or hands back what is in flight. */
  stop(): Promise<void>
}

/** The module named by WorkerSpec.module. */
export interface WorkerModule {
  startWorker(host: WorkerHost): Promise<RunningWorker>
  /** Remote placement: an app without a worker. */
  connect?(config: Json): Promise<Client>
}

export type { Op, Outcome, RetryPolicy }
