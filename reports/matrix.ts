// The crash-point matrix as reports show it: its cells by map (an engine, a scenario, a victim, a load), and what sums them up.
import type { Cell, CellOutcome } from '../contract/matrix.ts'
import type { Result } from '../contract/result.ts'
import type { Engine } from './engines.ts'

export const outcomes: readonly CellOutcome[] = ['once', 'twice', 'stuck', 'wrong', 'lost', 'unknown']
export const points: readonly Cell['point'][] = ['op-begins', 'before-effect', 'after-effect', 'after-return', 'body-returns']

export interface CellMap {
  /** `purchase · worker, quiescent`. */
  readonly title: string
  readonly cells: readonly Cell[]
}

/** Of engines that ran, in the order of the plan. */
export function mapsOf({ matrix = [] }: Result, engine: Engine): CellMap[] {
  const own = matrix.filter(({ driver, variant }) => engine.points.some((point) => point.driver === driver && point.variant === variant && point.state !== 'skipped'))
  return [...Map.groupBy(own, titleOf)].map(([title, cells]) => ({ title, cells }))
}

/** `2 charge`, `4`, `6 end`: agents may end after several numbers of steps. */
export function placeOf({ seq, step, point }: Pick<Cell, 'seq' | 'step' | 'point'>): string {
  return point === 'body-returns' ? `${seq} end` : step === null ? `${seq}` : `${seq} ${step}`
}

/** Of exact cells: how many were fired as often as decides, of how many. */
export function coverage(cells: readonly Cell[]): { readonly fired: number; readonly of: number } {
  const exact = cells.filter((cell) => cell.exact)
  return { fired: exact.filter((cell) => cell.fired >= cell.wanted).length, of: exact.length }
}

/** A crash at that point: `after-effect of 2 charge`. */
export function nameOf(cell: Cell): string {
  return `${cell.point} of ${placeOf(cell)}`
}

function titleOf({ scenario, victim, load, crashes }: Cell): string {
  return `${scenario} · ${victim}, ${load}${crashes === 2 ? ', crashed again in recovery' : ''}`
}
