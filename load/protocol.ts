// What the harness and the load process say to each other over Node's IPC channel. Plain data; durations in milliseconds.
import type { Json } from '../contract/json.ts'
import type { LoadPhase, LoadPlan } from '../contract/plan.ts'
import type { HistogramResult } from '../contract/result.ts'

export interface Begin {
  readonly type: 'begin'
  readonly plan: LoadPlan
  readonly seed: number
  readonly runId: string
  readonly scenario: string
  readonly params: Json
  /** history.jsonl is written here; it must not exist. */
  readonly folder: string
  /** One socket path per app slot; an app may die and come back at the same path. */
  readonly apps: readonly string[]
}

export type ToLoad =
  | Begin
  /** Starts a batch of the current `batches` phase; numbered from 0 within it. */
  | { readonly type: 'release'; readonly batch: number }
  /** Ends the phases early: the current one now, and those to come are left out. */
  | { readonly type: 'stop' }
  /** Ends all phases, then reads outcomes until nothing is open or `deadlineMs` have passed; then client calls are over. */
  | { readonly type: 'drain'; readonly deadlineMs: number }
  /** Reads outcomes again, through another app than before where there are two; `sample` bounds those already seen terminal. */
  | { readonly type: 'read'; readonly reader: string; readonly sample?: number }
  | { readonly type: 'finish' }

export type FromLoad =
  /** Runs of the phase are numbered from `firstIndex`; those of a batch follow those of the batch before it. */
  | { readonly type: 'phase'; readonly name: string; readonly edge: 'begin' | 'end'; readonly firstIndex: number }
  | { readonly type: 'progress'; readonly started: number; readonly completed: number; readonly inFlight: number; readonly phase: string; readonly batch?: number }
  /** ended: every run of the batch was seen terminal, or was rejected. */
  | { readonly type: 'batch'; readonly phase: string; readonly batch: number; readonly state: 'started' | 'ended' }
  | { readonly type: 'phases-over' }
  | { readonly type: 'drained'; readonly left: number }
  /** missed: runs that no app told anything about. */
  | { readonly type: 'read'; readonly reader: string; readonly read: number; readonly missed: number }
  /** bugs: the first answers that were neither ok, Rejected nor Unknown, which a driver owes an explanation for. */
  | { readonly type: 'done'; readonly phases: readonly PhaseReport[]; readonly bugs: readonly string[] }
  | { readonly type: 'fatal'; readonly message: string }

export interface PhaseReport {
  readonly name: string
  readonly kind: LoadPhase['kind']
  /** The measured window (warm-up excluded), monotonic. */
  readonly beginMs: number
  readonly endMs: number
  /** Open phases only. */
  readonly offeredPerSecond: number | null
  /** Runs whose intended start lies in the window. */
  readonly started: number
  /** How many of those were seen completed, failed or cancelled until `finish`. */
  readonly completed: number
  /** Ends of the phase's runs seen live within the window, whenever they started: the rate of a closed loop. */
  readonly endedInWindow: number
  /** Every run of the phase, warm-up included: [firstIndex, lastIndex). The measured ones begin at measuredFrom. */
  readonly firstIndex: number
  readonly measuredFrom: number
  readonly lastIndex: number
  /** Of the runs in the window, from their intended start. Runs that never ended are absent: compare counts. */
  readonly acceptLatency: HistogramResult | null
  readonly endLatency: HistogramResult | null
  readonly scheduleLag: HistogramResult | null
  /** CPU seconds of the load process per second of the window. */
  readonly generatorCpuShare: number
  readonly invalid: readonly string[]
}
