// What the logs of a point say, in memory: the model that invariants judge and that bench/ reads latencies and timelines from.
// Objects for what is rare (calls, attempts at the world, faults), typed columns grouped by run for what comes in millions
// (bare steps, journal entries). Trade-off: columns are awkward to read, so oracle/steps.ts turns a run's rows into objects
// where a run is not plain.
import type { PointContext } from '../contract/context.ts'
import type { Outcome } from '../contract/driver.ts'
import type { JournalEntry, Role, Token } from '../contract/logs.ts'
import type { Scenario } from '../contract/scenario.ts'

export type Log = 'history' | 'world' | 'bare' | 'journal' | 'faults' | 'table'

export interface FileReport {
  readonly file: string
  readonly log: Log
  readonly records: number
  /** Why something may be missing from this file: whatever rests on absence is then unknown. */
  readonly damage: readonly string[]
  /** Worth telling, but nothing is missing: a torn record of a killed worker. */
  readonly infos: readonly string[]
}

export interface Call {
  /** The line of its invoke. */
  readonly n: number
  readonly invokedMs: number
  readonly app: number
  /** null: the history has no answer. */
  answer: 'ok' | 'fail' | 'info' | null
  answeredMs: number
  answerN: number
}
export interface StartCall extends Call {
  readonly intendedMs: number
  readonly phase: string
  how: 'started' | 'existing' | null
}
export interface SignalCall extends Call {
  readonly signalId: string
  readonly name: string
}

export interface Seen {
  readonly n: number
  readonly atMs: number
  readonly reader: string
  readonly outcome: Outcome
}

interface Applied {
  readonly n: number
  readonly atMs: number
  readonly effect: string
  readonly cents: number | null
  /** What a model call cost. */
  readonly micros: number | null
}
interface Replied {
  readonly n: number
  readonly atMs: number
  readonly status: number
  readonly nonce: number | null
  readonly effect: string | null
  readonly hung: boolean
}

/** An attempt at a step that calls the world. */
export interface Attempt {
  readonly a: string
  readonly n: number
  readonly atMs: number
  /** The worker's incarnation. */
  readonly source: string
  readonly seq: number
  readonly step: string
  readonly key: string | null
  readonly inputHash: number
  readonly prev: readonly Token[]
  readonly applied: Applied[]
  reply: Replied | null
}

/** A workflow: a run that a client started, or a child of one. */
export interface Run {
  /** Position in Evidence.runs. */
  readonly index: number
  readonly id: string
  readonly scenario: string
  readonly starts: StartCall[]
  readonly signals: SignalCall[]
  readonly cancels: Call[]
  /** In the order in which readers saw them. */
  readonly seen: Seen[]
  /** In the world's order. */
  readonly attempts: Attempt[]
}

/** Steps that touch nothing: row r of every column is one record; the rows of run i are offsets[i] to offsets[i + 1], by seq, then time. */
export interface BareSteps {
  readonly count: number
  readonly offsets: Uint32Array
  readonly seq: Uint32Array
  readonly nonce: Float64Array
  /** The last nonce among the tokens of its predecessors; 0: none. */
  readonly prev: Float64Array
  /** Of the tick before it. */
  readonly atMs: Float64Array
  /** Index into `sources` and `files`. */
  readonly file: Uint32Array
  readonly n: Uint32Array
  /** The incarnation that wrote a file. */
  readonly sources: readonly string[]
  readonly files: readonly string[]
}

export const journalKinds: readonly JournalEntry['kind'][] = ['start', 'step', 'signal', 'timer', 'child', 'end']

/** What the engine says it recorded, grouped by run like BareSteps. */
export interface Journal {
  readonly count: number
  readonly offsets: Uint32Array
  /** Index into journalKinds. */
  readonly kind: Uint8Array
  readonly seq: Int32Array
  /** 0: none. */
  readonly nonce: Float64Array
  /** -1: none. */
  readonly inputHash: Float64Array
  readonly line: Uint32Array
  /** By line. */
  readonly effectIds: ReadonlyMap<number, string>
  readonly signalIds: ReadonlyMap<number, string>
}

export interface ProcessLife {
  readonly role: Role
  readonly slot: number
  readonly incarnation: string
  readonly spawnedMs: number
  readyMs: number | null
  exitedMs: number | null
  code: number | null
  signal: string | null
  expected: boolean
  /** Lines of faults.jsonl. */
  readonly lines: number[]
}

/** What happened to one victim of one fault. */
export interface FaultEvent {
  readonly fault: string
  readonly kind: string
  readonly role: Role
  readonly slot: number | null
  readonly incarnation: string | null
  /** Of the network: between whom. */
  readonly link: string | null
  readonly workflowId: string | null
  readonly step: string | null
  readonly seq: number | null
  readonly attempt: number | null
  readonly point: string | null
  appliedMs: number | null
  provedMs: number | null
  healedMs: number | null
  skipped: boolean
  why: string
  readonly lines: number[]
}

/** Logs that contradict themselves: a line refers to one that is not there, or is there twice. */
export interface Contradiction {
  readonly summary: string
  readonly workflowId: string | null
  readonly lines: readonly string[]
  /** Where a lost line would explain it; empty: nothing does. */
  readonly missing: readonly Log[]
}

/** A worker that got no turn, without a fault of the plan. */
export interface Standstill {
  readonly incarnation: string
  readonly fromMs: number
  readonly untilMs: number
}

/** For what a dead worker left. */
export interface OperatorCall {
  readonly atMs: number
  /** null: of a log that does not tell. */
  readonly incarnation: string | null
}

export interface Evidence {
  readonly context: PointContext
  readonly scenarios: ReadonlyMap<string, Scenario>
  readonly files: readonly FileReport[]
  readonly runs: readonly Run[]
  runOf(id: string): Run | undefined
  readonly bare: BareSteps
  readonly journal: Journal
  /** What it said before each cut of the store's power. */
  readonly earlier: readonly { readonly file: string; readonly journal: Journal }[]
  /** What transactional steps left in the store: by workflow, then by key, the lines of table.jsonl. null: the point has none. */
  readonly booked: ReadonlyMap<string, ReadonlyMap<string, readonly number[]>> | null
  readonly faults: readonly FaultEvent[]
  readonly lives: readonly ProcessLife[]
  readonly operators: readonly OperatorCall[]
  readonly standstills: readonly Standstill[]
  readonly phases: readonly { readonly name: string; readonly edge: 'begin' | 'end'; readonly atMs: number }[]
  /** When the history ends: nothing was observed after it. */
  readonly observedUntilMs: number
  readonly contradictions: readonly Contradiction[]
}
