// The evidence: who writes which line. Files of a point's folder: history.jsonl (load process), world.jsonl (world),
// bare-<incarnation>.bin (worker, steps of effect 'none'), journal.jsonl (the engine's word, read in bulk), faults.jsonl (chaos).
// Times are CLOCK_MONOTONIC of the host in milliseconds with fractions: `Number(process.hrtime.bigint()) / 1e6`.
import type { Json } from './json.ts'
import type { Outcome } from './outcome.ts'

/**
 * A causal predecessor: a reply's nonce (whole number < 2^53, unique in a run), or a string for what the world did not
 * answer: `signal:<id>` or `child:<id>`.
 */
export type Token = number | string

/** What a step returned, as the engine stores it. v: value, n: nonce, e: stable effect id (absent for effect 'none'). */
export type Reply = { readonly v: Json; readonly n: number; readonly e?: string }

/** What an engine is given as a step's input: the body's input and the tokens of the step's direct causal predecessors. */
export type Envelope = { readonly i: Json; readonly p: readonly Token[] }

/** Position i describes seq i + 1. A bare number is a step's nonce. */
export type TraceEntry =
  | number
  | { readonly timer: number }
  | { readonly wait: string; readonly signalId: string | null; readonly timeoutMs: number | null }
  /** last: the last nonce in the trace of the output that the engine gave as its; absent where that has none. */
  | { readonly child: string; readonly last?: number }
  | { readonly rows: string }
  | { readonly failed: 'refused' | 'exhausted' }
  /** The run continued as new here; its numbers go on. */
  | { readonly renewed: true }

/** A workflow's output as the engine stores it: the body's value and the whole trace. */
export type Output = { readonly value: Json; readonly trace: readonly TraceEntry[] }

/** What a run that continues as new is given as its input: its numbers, and so its keys and its trace, go on where they were. */
export type Renewed = { readonly renewed: { readonly input: Json; readonly trace: readonly TraceEntry[]; readonly prev: readonly Token[] } }

/** A signal as it is sent through an engine: s: signal id, p: payload. */
export type SignalEnvelope = { readonly s: string; readonly p: Json }

// H, history: what clients did -------------------------------------------------------------------------------------
export type HistoryLine = { readonly t: number; readonly n: number } & (
  | { ph: 'invoke'; op: 'start'; id: string; scenario: string; input: Json; app: number; intended: number; phase: string }
  | { ph: 'invoke'; op: 'signal'; id: string; signalId: string; name: string; app: number }
  | { ph: 'invoke'; op: 'cancel'; id: string; app: number }
  /** `call` is the n of its invoke. One invoke has at most one answer; a retry is a new invoke with the same id. */
  | { ph: 'ok'; call: number; op: 'start'; id: string; how: 'started' | 'existing' }
  | { ph: 'ok'; call: number; op: 'signal' | 'cancel'; id: string }
  | { ph: 'fail' | 'info'; call: number; op: 'start' | 'signal' | 'cancel'; id: string; error: string }
  /** Read through `reader`: 'live' (followed), 'drain', 'reread' (after zombies resumed and a full restart). */
  | { ph: 'seen'; id: string; reader: string; outcome: Outcome }
  | { ph: 'phase'; name: string; edge: 'begin' | 'end' }
  | { ph: 'end'; lines: number }
)

// L, ledger: what reached the world -----------------------------------------------------------------------------------
/** `a` names the attempt in all its lines. `n` counts the world's lines without a gap. The last line is `end`. */
export type LedgerLine = { readonly n: number; readonly t: number } & (
  | { k: 'attempt'; a: string; src: string; wf: string; seq: number; step: string; key: string | null; ih: number; prev: readonly Token[] }
  /** The effect took place now. An idempotent replay has no `applied` line of its own. cents: + charge, − refund; micros: what a model call cost. */
  | { k: 'applied'; a: string; effect: string; cents?: number; micros?: number }
  /** The answer was written to the socket. status ≥ 400: no nonce. `hung` (status 0): the world applied and then never answered (injected). */
  | { k: 'replied'; a: string; status: number; nonce?: number; effect?: string; hung?: true }
  /** counts: of lines by kind, so that a line that was taken out and the rest renumbered is missed all the same. */
  | { k: 'end'; lines: number; counts?: { attempt: number; applied: number; replied: number } }
)

/**
 * bare-<incarnation>.bin: little-endian records of 32 bytes, written before the bodies that they tell of resolve: one write(2) for all that ran in one go.
 * Record 0: magic 'DBL1' (4), version u32, then 24 bytes of the run's id prefix, zero padded.
 * Then: n u32 (contiguous from 1), kind u8 (1 tick, 2 step, 3 end), pad 3, and
 *   tick: t f64, pad 16 · step: wf u32 (the number after the last '-' of the workflow id), seq u32, nonce f64, prev f64 (0: none)
 *   end (a clean stop): count of records u32, pad.
 * A step's time is that of the tick before it. A torn last record is `info`, not damage. Input hashes are left out: the
 * nonce chain proves the path.
 */
export const bareRecord = { bytes: 32, magic: 'DBL1', tick: 1, step: 2, end: 3 } as const

// J, journal: what the engine says it recorded ---------------------------------------------------------------------------
export interface JournalEntry {
  readonly workflowId: string
  readonly kind: 'start' | 'step' | 'signal' | 'timer' | 'child' | 'end'
  /** The contract's seq; 0 for a start, -1 for an end. */
  readonly seq: number
  /** Where the engine keeps inputs: hash32 of the JSON of the envelope's `i`. */
  readonly inputHash?: number
  readonly effectId?: string
  readonly nonce?: number
  readonly signalId?: string
}

// E, effects in the store: what transactional steps left in a table, read there after the run ----------------------------
/** table.jsonl: a line for each row, then how many there were. */
export type TableLine = { readonly workflowId: string; readonly key: string } | { readonly rows: number }

// F, faults: what chaos did, and every process's life ----------------------------------------------------------------------
/** link: a worker's connections to the store, of which `slot` and `incarnation` say whose they are. */
export type Role = 'worker' | 'engine-server' | 'store' | 'world' | 'load' | 'app' | 'link'
export type FaultLine = { readonly t: number; readonly n: number } & (
  /** pid 0: of a container that is still being made, or that runs where this machine can't see it. */
  | { k: 'spawned' | 'ready'; role: Role; slot: number; incarnation: string; pid: number }
  | { k: 'exited'; role: Role; slot: number; incarnation: string; code: number | null; signal: string | null; expected: boolean }
  /** proved: evidence from inside the victim (exit by SIGKILL observed, state T in /proc, a new postmaster start time). */
  | { k: 'fault'; fault: string; kind: string; phase: 'armed' | 'applied' | 'proved' | 'healed' | 'skipped'; role: Role; slot?: number
      incarnation?: string; workflowId?: string; step?: string; seq?: number; attempt?: number; point?: string; why?: string
      /** Of the network: between whom. */
      link?: string
      /** Of a network that is whole again: how long connections of before went on being silent, until `t`. */
      stallMs?: number }
  /** deployment.recover was called for what this dead worker left: the operator's act. */
  | { k: 'operator'; lost: readonly string[]; incarnation?: string }
  /** A worker noticed that it had stood still, for whatever reason: CLOCK_MONOTONIC of the host, by its own word. */
  | { k: 'stood-still'; incarnation: string; fromMs: number; untilMs: number }
  | { k: 'mark'; name: string }
  | { k: 'end'; lines: number }
)
