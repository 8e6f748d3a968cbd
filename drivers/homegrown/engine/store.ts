// The seam between the engine and Postgres: all that a worker asks of the store about its own runs. Tests put a dishonest
// one here; the engine has a single real one, in postgres.ts.
import type { Json } from '../../../contract/json.ts'
import type { Kind, Unit } from './unit.ts'

export type Committed =
  /** Durable. `answers` has what units are told: see Unit.resolve; absent is ''. */
  | { readonly fenced: false; readonly answers: ReadonlyMap<Unit, string> | null }
  /** Another incarnation took over: nothing of this was recorded, nor will be. */
  | { readonly fenced: true }

export interface RecordedRow {
  readonly seq: number
  readonly kind: Kind
  readonly name: string
  readonly value: Json
}

export interface Message {
  /** Order of arrival. */
  readonly n: string
  /** '' is the request to cancel. */
  readonly id: string
  readonly name: string
  readonly payload: string
}

/** All that is known of a run that another incarnation began. */
export interface StoredRun {
  readonly wf: number
  readonly workflow: string
  readonly input: Json
  readonly rows: Map<number, RecordedRow>
  /** Unconsumed, in order. */
  readonly messages: readonly Message[]
  /** Ids of the others. */
  readonly consumed: readonly string[]
  /** What is left of the timers, by the store's clock; at most 0 when overdue. */
  readonly leftMs: ReadonlyMap<number, number>
}

/** The store refuses the batch for its contents; nothing of it was recorded, nor will be. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  /** The batch's number is used up: an earlier copy of it was lost, and must find it taken if it still arrives. */
  readonly spent: boolean

  constructor(why: Error, spent: boolean) {
    super(why.message, { cause: why })
    this.spent = spent
  }
}

export interface Store {
  /**
   * Records the units as batch `number` of this worker, all or none, once. Survives lost connections.
   * @throws Refusal
   */
  commit(number: number, units: readonly Unit[]): Promise<Committed>
  /** Runs that have ended are left out. */
  load(wfs: readonly number[]): Promise<StoredRun[]>
}
