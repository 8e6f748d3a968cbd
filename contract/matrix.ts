// What a crash-point matrix leaves in a result: shots, each a run that was crashed at one point, and the cells that they add up to.
import type { FailPoint } from './driver.ts'
import type { MatrixPart } from './plan.ts'

/**
 * What became of a run that was crashed at a point. twice: an effect without a key, or a bare step, that the crash had repeated;
 * lost: the run, or a reply that was used; stuck: it did not end; wrong: another invariant objects; unknown: `why` has the reason.
 */
export type CellOutcome = 'once' | 'twice' | 'stuck' | 'wrong' | 'lost' | 'unknown'

/** A step that was attempted again because of the crash. */
export interface Repetition {
  readonly seq: number
  readonly step: string
  readonly attempts: number
  /** How often it took effect; of a bare step how often it ran. */
  readonly effects: number
  readonly keyed: boolean
}

/** One run of the crash-point matrix: crashed at one point, judged by what the oracle says of that run. */
export interface Shot extends MatrixPart {
  readonly fault: string
  readonly workflowId: string
  readonly seq: number
  /** null: no step of the world, but a wait, a child, a transaction or the body's return. */
  readonly step: string | null
  readonly aimed: FailPoint
  /** Where the crash was, by the ledger and by what the engine kept; null: nowhere. */
  readonly observed: FailPoint | null
  /** Crashes that the run met. */
  readonly met: number
  readonly outcome: CellOutcome
  readonly repeated: readonly Repetition[]
  readonly why: string
  /** From the crash to the run's first progress; the engine's own share of it. */
  readonly firstProgressMs: number | null
  readonly engineShareMs: number | null
}

/** A cell of the crash-point matrix: all shots that struck there, and the worst that came of them. */
export interface Cell extends MatrixPart {
  readonly driver: string
  readonly variant: string
  readonly scenario: string
  readonly seq: number
  readonly step: string | null
  readonly point: FailPoint
  /** Declared by the driver: is the point hit exactly, or only approximately? */
  readonly exact: boolean
  /** Shots that were aimed at it; those that struck there, which may have been aimed at its neighbour; how many decide. */
  readonly aimed: number
  readonly fired: number
  readonly wanted: number
  readonly outcome: CellOutcome
  /** Of the shots that struck there, by outcome. */
  readonly outcomes: Readonly<Partial<Record<CellOutcome, number>>>
  /** Steps that were attempted again, over its shots. */
  readonly repeated: readonly Repetition[]
  /** Explains every outcome but `once`. */
  readonly why: string
  readonly medianProgressMs: number | null
  readonly medianShareMs: number | null
}
