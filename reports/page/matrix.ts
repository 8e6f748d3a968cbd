// What explains the cells of a crash-point matrix that are not plainly once: the map shows where, this table why.
import type { Cell, CellOutcome } from '../../contract/matrix.ts'
import type { Result } from '../../contract/result.ts'
import type { Cast } from '../engines.ts'
import { count, plural } from '../format.ts'
import { coverage, mapsOf, nameOf } from '../matrix.ts'
import type { Standing } from '../verdicts.ts'
import { html, type Html } from './html.ts'
import { badge, scroll, section } from './parts.ts'

const standings: Readonly<Record<CellOutcome, Standing>> = { once: 'pass', twice: 'pass', stuck: 'fail', wrong: 'fail', lost: 'fail', unknown: 'unknown' }

/** null: the run has no matrix. */
export function cellTables(result: Result, { engines }: Cast): Html | null {
  const own = engines.map((engine) => ({ engine, maps: mapsOf(result, engine) })).filter(({ maps }) => maps.length > 0)
  if (own.length === 0) return null
  return section('cells', 'Cells explained', 'Twice: an effect without a key that the crash had repeated, as an engine that promises it at least once may. Unknown: not fired often enough, with the reason. Lost, stuck and wrong are violations.',
    html`${own.map(({ engine, maps }) => html`<h3>${engine.title}</h3>${maps.map(({ title, cells }) => table(title, cells))}`)}`)
}

function table(title: string, cells: readonly Cell[]): Html {
  const told = cells.filter(({ outcome }) => outcome !== 'once')
  const { fired, of } = coverage(cells)
  return html`<details class="box"><summary>${title}: ${plural(told.length, 'cell')} of ${count(cells.length)} not plainly once; ${count(fired)} of ${count(of)} exact cells fired often enough</summary>${scroll(html`<table><caption class="hidden">${title}</caption>
    <thead><tr><th scope="col">Crash</th><th scope="col">Outcome</th><th scope="col">Shots</th><th scope="col">Why</th></tr></thead>
    <tbody>${told.map((cell) => html`<tr><th scope="row">${nameOf(cell)}</th><td>${badge(standings[cell.outcome], cell.outcome)}</td><td class="number">${cell.fired} of ${cell.wanted}</td><td>${cell.why}</td></tr>`)}</tbody></table>`)}</details>`
}
