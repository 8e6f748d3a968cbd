// The contract in the terminal: a row a promise, and the reason of each that was broken. Why the others stand is on the page.
import type { Engine } from '../engines.ts'
import { judgedPromises, standingOf, type JudgedPromise } from '../promises.ts'
import { standing, wrap, type Paint } from './style.ts'
import { table } from './table.ts'

/** Empty when nothing that was promised was tested. */
export function promiseTable(engines: readonly Engine[], minExposures: number, width: number, paint: Paint): string {
  const columns = engines.map((engine) => judgedPromises(engine, minExposures))
  const titles = [...new Map(columns.flat().map(({ name, title }) => [name, title]))]
  const rows = titles.map(([name, title]) => ({ title, judged: columns.map((column) => column.find((promise) => promise.name === name)) }))
  const tested = rows.filter(({ judged }) => judged.some((promise) => promise !== undefined && promise.found !== 'untested'))
  if (tested.length === 0) return ''
  const rest = rows.filter((row) => !tested.includes(row)).map(({ title }) => title)
  const broken = engines.flatMap(({ title }, i) => columns[i]!.filter(({ found }) => found === 'violates').map((promise) => wrap(`${paint('red', '✘')} ${title}, ${promise.title}: promised ‘${promise.promised}’ (${promise.page}); ${promise.why}`, width, '  ')))
  return [
    paint('bold', 'Promises, held against what was measured'),
    table(engines.map(({ key }) => key), tested.map(({ title, judged }) => ({ label: `  ${title}`, cells: judged.map((promise) => cell(promise, paint)) })), width, paint),
    ...(rest.length === 0 ? [] : [wrap(`untested: ${rest.join(', ')}`, width, '  ')]),
    ...broken,
  ].join('\n')
}

function cell(promise: JudgedPromise | undefined, paint: Paint): string {
  if (promise === undefined) return ''
  const text = promise.verdict === 'ours' ? `ours, ${promise.found}` : promise.found
  return standing(paint, standingOf[promise.found], text)
}
