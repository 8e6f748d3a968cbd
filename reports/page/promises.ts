// Promise × engine: what the makers say, with the page that says so, and whether it held here. A cell opens to show what the
// verdict rests on.
import type { Cast, Engine } from '../engines.ts'
import { nothing } from '../format.ts'
import { judgedPromises, standingOf, type JudgedPromise } from '../promises.ts'
import { html, type Html } from './html.ts'
import { badge, matrix, section, source } from './parts.ts'

export function promiseSection({ engines }: Cast, minExposures: number): Html | null {
  const known = engines.filter(({ driver }) => driver !== null)
  if (known.length === 0) return null
  const columns = known.map((engine: Engine) => judgedPromises(engine, minExposures))
  return section('promises', 'What the makers promise, and whether it held', 'The makers’ own words are behind each link. “Ours” marks what this project promises itself, because the driver emulates it or the engine is its own: never charged to the makers. Durations are told, not judged.',
    matrix('Promises', known, [...new Map(columns.flat().map(({ name, title }) => [name, title]))].map(([name, title]) => ({
      label: title,
      cells: columns.map((column) => {
        const promise = column.find((each) => each.name === name)
        return promise === undefined ? nothing : cell(promise)
      }),
    }))))
}

function cell({ promised, page, verdict, found, why, points }: JudgedPromise): Html {
  return html`<details${found === 'violates' ? html` open` : null}><summary>${badge(standingOf[found], verdict === 'ours' ? `ours, ${found}` : found)} ${promised}</summary>
    <p>${why}</p>${points.length === 0 ? null : html`<p>${points.map((point) => html`<code>${point}</code> `)}</p>`}</details>${source(page)}`
}
