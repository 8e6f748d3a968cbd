// One state of the model: what the store holds, what workers remember, what is on its way between them. Plain data, so that a
// state is its own identity (`keyOf`). Trade-off: copied whole at each transition, which is slower than sharing and can't be wrong.
import { hash } from 'node:crypto'
import type { Plan } from './plans.ts'

/** A row on its way into the journal. seq 0 is the start; the last is the end. */
export interface Unit {
  readonly run: number
  readonly seq: number
  readonly value: string
}

/** A worker's row; its token is its place + 1. */
interface StoredWorker {
  identity: string
  batch: number
  fenced: boolean
  /** Token of who took over; 0: nobody. */
  heir: number
  expired: boolean
}

interface StoredRun {
  /** null: not open. 0: nobody's, ready. -1: nobody's, waits (parked). Else a worker's token. */
  owner: number | null
  journal: (string | null)[]
  /** The one signal that may be sent: not sent, in the inbox, or consumed by the wait with this seq. */
  signal: 'none' | 'open' | number
  cancel: boolean
}

/** A change of ownership between its first and its last statement: its locks are held, its writes are not visible. */
export interface Transaction {
  kind: 'take' | 'join' | 'park'
  worker: number
  /** The run that is parked; else -1. */
  run: number
  /** Workers that it has locked and fenced. */
  victims: number[]
  /** Only with a defect: what it saw before it held its locks. */
  seen: number[] | null
  /** Its worker still hears of its end. */
  attached: boolean
}

/** A request whose connection is gone, and which the store may still carry out. */
export type Late =
  | { readonly kind: 'batch'; readonly worker: number; readonly number: number; readonly units: readonly Unit[] }
  /** over: the worker has done something later, under a higher number. */
  | { readonly kind: 'take' | 'park'; readonly worker: number; readonly run: number; readonly over: boolean }

export type Answer = 'held' | 'unheld' | 'refused'

/** One batch in flight; `pending` is the next. */
export interface Pump {
  number: number
  flight: Unit[] | null
  net: 'idle' | 'request' | Answer
  /** A copy of the batch in flight was lost: nobody knows whether it will take effect. */
  doubt: boolean
  /** The refused batch's number is being used up by an empty one. */
  burning: boolean
  halves: Unit[][]
  pending: Unit[]
}

/** A run in a worker's memory. */
export interface Body {
  at: number
  waiting: boolean
  cancelled: boolean
  /** The signal was offered to the mailbox; `held`: it is in there. */
  seen: boolean
  held: boolean
}

export interface Process {
  /** lost: it knows that it was fenced. */
  life: 'absent' | 'alive' | 'lost' | 'crashed'
  bodies: (Body | null)[]
  pump: Pump
  /** What the store says it owns has to be compared with its memory. */
  unsure: boolean
}

export interface State {
  workers: (StoredWorker | null)[]
  /** By id: the number of the run that has it. */
  keys: (number | null)[]
  runs: StoredRun[]
  /** Whether the store refuses the users' statements at the moment. */
  refusing: boolean
  transactions: Transaction[]
  late: Late[]
  /** Signals that a worker posted to a run of its own, and is about to deliver to it. */
  echoes: { readonly worker: number; readonly run: number }[]
  processes: Process[]
  left: { crashes: number; pauses: number; cuts: number; signals: number; cancels: number; starts: number[] }
  /** What bodies and clients were told, by run and seq. Nobody in the protocol reads it. */
  told: (string | null)[][]
  /** What a transition saw go wrong. */
  wrong: string | null
}

export function idlePump(): Pump {
  return { number: 0, flight: null, net: 'idle', doubt: false, burning: false, halves: [], pending: [] }
}

/** Two workers live; the third place is for a successor that may join. */
export function initialState(plan: Plan): State {
  const rows = (): null[] => plan.body.map(() => null).concat([null, null])
  return {
    workers: plan.workers.map((identity, w) => (w < plan.living ? { identity, batch: 0, fenced: false, heir: 0, expired: false } : null)),
    keys: [...new Set(plan.runs)].map(() => null),
    runs: plan.runs.map(() => ({ owner: null, journal: rows(), signal: 'none', cancel: false })),
    refusing: plan.refusing,
    transactions: [],
    late: [],
    echoes: [],
    processes: plan.workers.map((_, w) => ({ life: w < plan.living ? 'alive' : 'absent', bodies: plan.runs.map(() => null), pump: idlePump(), unsure: false })),
    left: { crashes: plan.crashes, pauses: plan.pauses, cuts: plan.cuts, signals: plan.signals, cancels: plan.cancels, starts: plan.starts.map((_, i) => i) },
    told: plan.runs.map(rows),
    wrong: null,
  }
}

export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copyOf) as T
  const copy: Record<string, unknown> = {}
  for (const name in value) copy[name] = copyOf(value[name])
  return copy as T
}

/** 160 bits: that two states share one is not to be expected. */
export function keyOf(state: State): string {
  return hash('sha1', JSON.stringify(state), 'base64')
}
