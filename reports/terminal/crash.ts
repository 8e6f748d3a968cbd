// The view of `durabench crash`: a table of costs over all legs that crashed something, then, per engine, where.
import type { Result } from '../../contract/result.ts'
import { crashCosts, type CrashCosts, type CrashSite, type Spread } from '../crashes.ts'
import type { Engine } from '../engines.ts'
import { count, dollars, duration, nothing } from '../format.ts'
import { standing, type Paint } from './style.ts'
import { table, type Row } from './table.ts'

export function crashTables(_result: Result, engines: readonly Engine[], width: number, paint: Paint): string {
  const summaries = engines.map((engine) => crashCosts(engine.points))
  const row = (label: string, cell: (summary: CrashCosts) => string): Row => ({ label, cells: summaries.map(cell) })
  const costs = table(
    engines.map((engine) => engine.key),
    [
      { label: 'verdict', cells: engines.map((engine) => standing(paint, engine.standing)) },
      row('crashes injected', (own) => count(own.injected)),
      row('  proved in the victim', (own) => count(own.proved)),
      { label: 'done twice', cells: [] },
      row('  unkeyed effects', (own) => count(own.duplicates.unkeyedEffects)),
      row('  keyed attempts', (own) => count(own.duplicates.keyedAttempts)),
      row('  bare steps', (own) => count(own.duplicates.bareSteps)),
      row('  model calls paid twice, per 1,000 crashes', paidTwice),
      { label: 'recovery, median / max', cells: [] },
      row('  first progress', (own) => spread(own.recovery)),
      row("  engine's own share", (own) => spread(own.engineShare)),
      row('  all runs in flight', (own) => spread(own.allRuns)),
      row('  no progress seen', (own) => count(own.noProgress)),
    ],
    width,
    paint,
  )
  const sites = engines.map((engine, i) => where(engine, summaries[i]!, width, paint)).filter((part) => part !== '')
  return [costs, ...sites].join('\n\n')
}

/** Step × point, each cell `proved/planned`; below it what was bound to no step. */
function where(engine: Engine, { sites }: CrashCosts, width: number, paint: Paint): string {
  if (sites.length === 0) return ''
  const bound = grid(sites.filter((site) => site.step !== ''), width, paint)
  const free = grid(sites.filter((site) => site.step === ''), width, paint)
  return [paint('bold', `${engine.title}: where (proved/planned)`), bound, free].filter((part) => part !== '').join('\n')
}

function grid(sites: readonly CrashSite[], width: number, paint: Paint): string {
  if (sites.length === 0) return ''
  const order = ['op-begins', 'before-effect', 'after-effect', 'after-return', 'body-returns']
  const rank = (point: string): number => (order.includes(point) ? order.indexOf(point) : order.length)
  const points = [...new Set(sites.map((site) => site.point))].sort((a, b) => rank(a) - rank(b))
  const placeOf = (site: CrashSite): string => `  ${site.what} ${site.step}`.trimEnd()
  const rows = [...new Set(sites.map(placeOf))].map((place): Row => ({
    label: place,
    cells: points.map((point) => {
      const site = sites.find((each) => each.point === point && placeOf(each) === place)
      return site === undefined ? '' : `${site.proved}/${site.planned}`
    }),
  }))
  return table(points, rows, width, paint)
}

function paidTwice(own: CrashCosts): string {
  return own.duplicates.crashes === 0 ? nothing : dollars((own.duplicates.extraModelMicros / own.duplicates.crashes) * 1_000)
}

function spread(own: Spread | null): string {
  return own === null ? nothing : `${duration(own.median)} / ${duration(own.max)}`
}
