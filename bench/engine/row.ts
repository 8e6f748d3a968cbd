// What a row of the table is: two sides that are measured in pairs, each from scratch on a store of its own, and figures that
// stand beside them. A row file says what is measured against what; everything that all rows share is in measure.ts.
import type { Place } from './place.ts'
import type { Target } from './verdict.ts'
import type { Point } from '../../contract/plan.ts'

/** CPU in cores over the measured load; null where the system does not tell. */
export interface Cpu {
  readonly workers: number | null
  readonly store: number | null
  readonly load: number | null
}

export interface Sample {
  readonly value: number
  /** Why this measurement is not to be trusted; empty: it is. */
  readonly doubts?: readonly string[]
  readonly cpu?: Cpu
  /** Further figures of the same measurement, as people read them. */
  readonly notes?: readonly string[]
}

export interface Side {
  readonly label: string
  readonly unit: string
  measure(): Promise<Sample>
}

interface Pair {
  readonly a: Side
  readonly b: Side
  /** Shown beside, measured in every second pair, and never judged. */
  readonly beside?: readonly Side[]
  /** What --profile plays once more, uncounted. */
  readonly profiled?: Profiled
}

/** A point of the harness, or a process of its own on a fresh store, which is told this. */
export type Profiled = { readonly point: Point } | { readonly solo: URL; readonly told: Readonly<Record<string, number>> }

/** A row that can't be measured here says why, and what to do. */
export interface Lack {
  readonly state: 'unavailable'
  readonly why: string
}

export interface Row {
  /** `--only` takes it, or the part before its slash. */
  readonly name: string
  /** What b ÷ a means. */
  readonly about: string
  /** null: shown, not judged. */
  readonly target: Target | null
  prepare(place: Place): Promise<Pair | Lack>
}
