// Recovery cell by cell: what the plan had die or sleep under one budget, what was left to go on with, and how long it took. Cells
// come from the plan, so that one in which nothing was measured still has its place.
import type { FaultResult, PointResult, Result } from '../contract/result.ts'
import type { Engine } from './engines.ts'

/** Of faults that were proved in the victim while it had runs in flight. */
export interface RecoveryCell {
  readonly name: string
  readonly leaseMs: number
  readonly kind: string
  readonly planned: number
  readonly faults: readonly FaultResult[]
  /** Those after which nothing went on before the operator called. */
  readonly waitedForOperator: number
}

export interface Range {
  readonly n: number
  readonly least: number
  readonly median: number
  readonly most: number
}

export function recoveryCells({ plan }: Result, engine: Engine): RecoveryCell[] {
  return engine.points.flatMap((point) => {
    const planned = plan.points.find(({ id }) => id === point.id)
    if (planned?.leg !== 'recovery') return []
    // A cell's faults are numbered.
    return [...Map.groupBy(planned.chaos.faults, ({ id }) => id.replace(/ \d+$/, ''))].map(([name, own]): RecoveryCell => {
      const faults = measured(point, new Set(own.map(({ id }) => id)))
      return { name, leaseMs: planned.budget!.leaseMs, kind: own[0]!.kind, planned: own.length, faults, waitedForOperator: faults.filter(waited).length }
    })
  })
}

function measured({ faults }: PointResult, ids: ReadonlySet<string>): FaultResult[] {
  return faults.filter((fault) => ids.has(fault.fault) && fault.proved && fault.inFlight > 0)
}

function waited({ appliedAtMs, operatorAtMs, firstProgressMs }: FaultResult): boolean {
  return operatorAtMs !== null && (firstProgressMs === null || appliedAtMs! + firstProgressMs > operatorAtMs)
}

/** null: nothing was measured. */
export function range(values: readonly (number | null)[]): Range | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b)
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]]
  return low === undefined || high === undefined ? null : { n: sorted.length, least: sorted[0]!, median: (low + high) / 2, most: sorted.at(-1)! }
}

/** How many of the runs that slow workers held were taken from them. */
export function takeOvers({ faults }: RecoveryCell): { readonly taken: number; readonly held: number } {
  return faults.reduce((sum, { takenOver, inFlight }) => ({ taken: sum.taken + takenOver, held: sum.held + inFlight }), { taken: 0, held: 0 })
}
