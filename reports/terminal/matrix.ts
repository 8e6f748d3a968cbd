// The view of `durabench matrix`: counts, then a map of cells for each engine, then what explains all that is not plainly once.
import type { Cell, CellOutcome } from '../../contract/matrix.ts'
import type { Result } from '../../contract/result.ts'
import { crashCosts } from '../crashes.ts'
import type { Engine } from '../engines.ts'
import { count, dollars, duration, nothing, percent } from '../format.ts'
import { coverage, mapsOf, nameOf, outcomes, placeOf, points, type CellMap } from '../matrix.ts'
import { standing, wrap, type Paint } from './style.ts'
import { table, type Row } from './table.ts'

const tones: Readonly<Record<CellOutcome, 'green' | 'yellow' | 'red' | 'dim'>> = { once: 'green', twice: 'yellow', stuck: 'red', wrong: 'red', lost: 'red', unknown: 'dim' }

export function matrixTables(result: Result, engines: readonly Engine[], width: number, paint: Paint): string {
  const maps = engines.map((engine) => ({ engine, maps: mapsOf(result, engine) }))
  return [
    counts(engines, maps.map(({ maps: own }) => own.flatMap(({ cells }) => cells)), width, paint),
    ...maps.flatMap(({ engine, maps: own }) => own.map((map) => drawn(engine, map, width, paint))),
  ].join('\n\n')
}

function counts(engines: readonly Engine[], cells: readonly (readonly Cell[])[], width: number, paint: Paint): string {
  const row = (label: string, cell: (own: readonly Cell[]) => string): Row => ({ label, cells: cells.map(cell) })
  const costs = engines.map((engine) => crashCosts(engine.points))
  return table(engines.map(({ key }) => key), [
    { label: 'verdict', cells: engines.map((engine) => standing(paint, engine.standing)) },
    row('cells', (own) => count(own.length)),
    ...outcomes.map((outcome) => row(`  ${outcome}`, (own) => count(own.filter((cell) => cell.outcome === outcome).length))),
    row('exact cells fired often enough', (own) => fraction(coverage(own))),
    row('shots that struck', (own) => count(own.reduce((sum, { fired }) => sum + fired, 0))),
    { label: 'recovery, median / max', cells: costs.map(({ recovery }) => (recovery === null ? nothing : `${duration(recovery.median)} / ${duration(recovery.max)}`)) },
    { label: "  engine's own share", cells: costs.map(({ engineShare }) => (engineShare === null ? nothing : `${duration(engineShare.median)} / ${duration(engineShare.max)}`)) },
    { label: 'model calls paid twice, per 1,000 crashes', cells: costs.map(({ duplicates: { crashes, extraModelMicros } }) => (crashes === 0 ? nothing : dollars((extraModelMicros / crashes) * 1_000))) },
  ], width, paint)
}

function fraction({ fired, of }: { readonly fired: number; readonly of: number }): string {
  return of === 0 ? nothing : `${fired}/${of} (${percent(fired / of)})`
}

/** Steps as rows, points as columns; a cell has the worst outcome, and how many shots struck there. */
function drawn(engine: Engine, { title, cells }: CellMap, width: number, paint: Paint): string {
  const used = points.filter((point) => cells.some((cell) => cell.point === point))
  const rows = [...Map.groupBy(cells, placeOf)].map(([place, own]): Row => ({
    label: `  ${place}`,
    cells: used.map((point) => {
      const cell = own.find((each) => each.point === point)
      return cell === undefined ? '' : paint(tones[cell.outcome], `${cell.exact ? '' : '~'}${cell.outcome} ${cell.fired}`)
    }),
  }))
  const why = [...Map.groupBy(cells.filter((cell) => cell.outcome !== 'once'), (cell) => `${cell.outcome} ${cell.why}`).values()]
    .map((same) => wrap(`${paint(tones[same[0]!.outcome], same[0]!.outcome)} ${same.map(nameOf).join(', ')}: ${same[0]!.why}`, width, '  '))
  return [paint('bold', `${engine.title}: ${title}`), table(used, rows, width, paint), ...why].join('\n')
}
