// How transitions are told: to the explorer, which follows them, and to the replay, which carries out what the store did.
import type { State, Unit } from './state.ts'
import type { Draft } from './store.ts'

/** A transaction of the store, as it can be carried out on a real one. */
export type StoreEvent =
  | { readonly what: 'batch'; readonly worker: number; readonly number: number; readonly units: readonly Unit[]; readonly late: boolean; readonly answer: 'held' | 'unheld' | 'refused' }
  | { readonly what: 'take' | 'join' | 'expire' | 'relent'; readonly worker: number }
  /** The taker was fenced itself. */
  | { readonly what: 'take refused'; readonly worker: number }
  | { readonly what: 'park'; readonly worker: number; readonly run: number }
  | { readonly what: 'start' | 'signal' | 'cancel'; readonly run: number; readonly done: boolean }
  | { readonly what: 'adopt'; readonly worker: number; readonly runs: readonly number[] }

export interface Transition {
  readonly label: string
  readonly urgent: boolean
  readonly next: State
  readonly covered: readonly string[]
  readonly event: StoreEvent | null
}

type Act = (d: Draft) => StoreEvent | null | void
export type Offer = (label: string, act: Act, urgent?: 'urgent') => void
