// The figures that every summary shows, one column an engine: shared by the terminal and the CI summary, so that both say
// the same. Legs and phases come from the plan; an engine that lacks one shows a dash.
import type { Result } from '../contract/result.ts'
import { crashCosts, type CrashCosts } from './crashes.ts'
import type { Engine } from './engines.ts'
import { count, duration, durationUs, figure, nothing } from './format.ts'
import { measuredPhases, type MeasuredPhase } from './rates.ts'
import { lowestExposure } from './verdicts.ts'

/** So many points of one leg: the rounds of chaos are more. */
const sideBySide = 3

interface OverviewRow {
  readonly label: string
  readonly cells: readonly string[]
}

export interface OverviewGroup {
  readonly title: string
  readonly rows: readonly OverviewRow[]
}

/** Groups of rows; `engines` are the columns. */
export function overview(result: Result, engines: readonly Engine[]): OverviewGroup[] {
  const legs = [...new Set([...result.plan.points, ...result.points].map((point) => point.leg))]
  const groups = legs.flatMap((leg) => [...phaseGroups(leg, engines), ...crashGroup(leg, engines)])
  const exposures = engines.map((engine) => {
    const lowest = lowestExposure(engine.points)
    return lowest === null ? nothing : `${count(lowest.exposures)} ${lowest.name}`
  })
  return [...groups, { title: 'evidence', rows: [{ label: 'lowest exposures', cells: exposures }] }]
}

function phaseGroups(leg: string, engines: readonly Engine[]): OverviewGroup[] {
  const all = measuredPhases(engines).filter((row) => row.point.leg === leg)
  const names = [...new Set(all.map((row) => row.phase.name))]
  return names.map((name) => {
    const own = all.filter((row) => row.phase.name === name)
    const kind = own.some((row) => row.phase.kind === 'open') ? 'open loop' : 'closed loop'
    const row = (label: string, cell: (measured: readonly MeasuredPhase[]) => string): OverviewRow => ({
      label,
      cells: engines.map((engine) => cell(own.filter((measured) => measured.engine === engine)) || nothing),
    })
    const figures = (label: string, value: (measured: MeasuredPhase) => number | null): OverviewRow => row(label, (several) => together(several.map(value), figure))
    const latency = own.some((measured) => measured.phase.effectLatency !== null) ? 'effectLatency' : 'endLatency'
    const rows = [
      figures('offered starts/s', ({ phase }) => phase.offeredPerSecond),
      figures('steps/s', ({ phase }) => phase.verifiedStepsPerSecond),
      figures('transitions/s', ({ phase }) => phase.verifiedTransitionsPerSecond),
      row(latency === 'effectLatency' ? 'to last effect, p50 / p99' : 'to end seen, p50 / p99', (several) => {
        const of = (quantile: 'p50Us' | 'p99Us') => (some: readonly MeasuredPhase[]): string => together(some.map(({ phase }) => phase[latency]?.[quantile] ?? null), durationUs)
        return several.length > sideBySide ? pair(of('p50Us')(several), of('p99Us')(several)) : several.map((one) => pair(of('p50Us')([one]), of('p99Us')([one]))).join(', ')
      }),
    ]
    const shown = rows.filter((each) => each.cells.some((cell) => cell.replaceAll(/[–, ]/g, '') !== ''))
    // Of a latency only INVALID and worse matter: `unproven` speaks of what a rate may claim.
    const trusts = (several: readonly MeasuredPhase[]): string[] => several.map(({ trust }) => (trust === 'unproven' && leg !== 'rate' ? 'valid' : trust))
    const trust = row('standing', (several) => (several.length > sideBySide ? counted(trusts(several)) : trusts(several)).join(', '))
    return { title: `${leg}: ${name === 'open' || name === 'closed' ? '' : `${name}, `}${kind}`, rows: [...shown, trust] }
  })
}

function crashGroup(leg: string, engines: readonly Engine[]): OverviewGroup[] {
  const summaries = engines.map((engine) => crashCosts(engine.points.filter((point) => point.leg === leg)))
  if (summaries.every((summary) => summary.injected === 0)) return []
  const row = (label: string, cell: (summary: CrashCosts) => string): OverviewRow => ({
    label, cells: summaries.map((summary) => (summary.injected === 0 ? nothing : cell(summary))),
  })
  const where = (worth: (summary: CrashCosts) => boolean, shown: OverviewRow): OverviewRow[] => (summaries.some(worth) ? [shown] : [])
  return [{
    title: `${leg}: crashes`,
    rows: [
      row('injected (proved)', (own) => `${count(own.injected)} (${count(own.proved)})`),
      row('done twice, unkeyed / keyed', (own) => pair(count(own.duplicates.unkeyedEffects), count(own.duplicates.keyedAttempts))),
      ...where((own) => own.duplicates.bareSteps > 0, row('done twice, bare steps', (own) => count(own.duplicates.bareSteps))),
      row('recovery, median / max', (own) => pair(duration(own.recovery?.median ?? null), duration(own.recovery?.max ?? null))),
      ...where((own) => own.noProgress > 0, row('without progress', (own) => count(own.noProgress))),
    ],
  }]
}

/** No average is taken that the plan did not ask for: a few stand side by side, of more the lowest and the highest. */
function together(values: readonly (number | null)[], format: (value: number | null) => string): string {
  if (values.length <= sideBySide) return values.map(format).join(', ')
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? nothing : `${format(Math.min(...known))} … ${format(Math.max(...known))}`
}

function counted(words: readonly string[]): string[] {
  return [...new Set(words)].map((word) => `${words.filter((other) => other === word).length} ${word}`)
}

function pair(first: string, second: string): string {
  return first === nothing && second === nothing ? nothing : `${first} / ${second}`
}
