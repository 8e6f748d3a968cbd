// The shape of an invariant: a pure function of the evidence, with the words that the documentation is made of.
import type { InvariantName } from '../../contract/plan.ts'
import type { Evidence, Log, Run } from '../evidence.ts'

export interface Invariant {
  readonly name: InvariantName
  readonly title: string
  /** What must hold. */
  readonly holds: string
  /** What is counted as exposed to a violation. */
  readonly exposure: string
  /** The logs that it rests on: damage in one of them, and it can't pass. */
  readonly reads: readonly Log[]
  check(evidence: Evidence): Checked
}

interface Checked {
  readonly violations: readonly Violation[]
  readonly exposures: number
  readonly measures: Readonly<Record<string, number>>
}

export interface Violation {
  readonly summary: string
  readonly workflowId?: string
  readonly seq?: number
  readonly step?: string
  readonly lines: readonly string[]
  /**
   * The logs in which a lost line could explain it. Empty: something is there that must not be, whatever else was lost.
   * If one of them is damaged, this is no violation but a doubt.
   */
  readonly missing: readonly Log[]
  /** The run was not observed for long enough to decide. */
  readonly doubt?: true
}

/** Collects what a check finds. */
export class Tally implements Checked {
  readonly violations: Violation[] = []
  readonly measures: Record<string, number> = {}
  exposures = 0

  violate(violation: Violation): void {
    this.violations.push(violation)
  }

  count(measure: string, by = 1): void {
    this.measures[measure] = (this.measures[measure] ?? 0) + by
  }

  /** p50, p99 and the largest of values in milliseconds. */
  distribution(name: string, valuesMs: readonly number[]): void {
    if (valuesMs.length === 0) return
    const sorted = Float64Array.from(valuesMs).sort()
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
    this.measures[`${name}P50Ms`] = at(0.5)
    this.measures[`${name}P99Ms`] = at(0.99)
    this.measures[`${name}MaxMs`] = sorted.at(-1)!
  }
}

/** A run that a client started, not a child. */
export function isTopLevel(run: Run): boolean {
  return !run.id.includes('/')
}

export const historyLine = ({ n }: { readonly n: number }): string => `history.jsonl#${n}`
