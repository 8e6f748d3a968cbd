// The figures that every summary shows, one column an engine: shared by the terminal and the CI summary, so that both say
// the same. Legs and phases come from the plan; an engine that lacks one shows a dash.
import type { Result } from '../contract/result.ts'
import { crashCosts, type CrashCosts } from './crashes.ts'
import type { Engine } from './engines.ts'
import { count, duration, durationUs, figure, nothing } from './format.ts'
import { measuredPhases, type MeasuredPhase } from './rates.ts'
import { lowestExposure } from './verdicts.ts'

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
    // Repeated points of one leg stand side by side in a cell: no average is taken that the plan did not ask for.
    const row = (label: string, cell: (measured: MeasuredPhase) => string): OverviewRow => ({
      label,
      cells: engines.map((engine) => own.filter((measured) => measured.engine === engine).map(cell).join(', ') || nothing),
    })
    const latency = own.some((measured) => measured.phase.effectLatency !== null) ? 'effectLatency' : 'endLatency'
    const rows = [
      row('offered starts/s', ({ phase }) => figure(phase.offeredPerSecond)),
      row('steps/s', ({ phase }) => figure(phase.verifiedStepsPerSecond)),
      row('transitions/s', ({ phase }) => figure(phase.verifiedTransitionsPerSecond)),
      row(latency === 'effectLatency' ? 'to last effect, p50 / p99' : 'to end seen, p50 / p99', ({ phase }) => pair(durationUs(phase[latency]?.p50Us ?? null), durationUs(phase[latency]?.p99Us ?? null))),
    ]
    const shown = rows.filter((each) => each.cells.some((cell) => cell.replaceAll(/[–, ]/g, '') !== ''))
    // Of a latency only INVALID and worse matter: `unproven` speaks of what a rate may claim.
    const trust = row('standing', (measured) => (measured.trust === 'unproven' && leg !== 'rate' ? 'valid' : measured.trust))
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

function pair(first: string, second: string): string {
  return first === nothing && second === nothing ? nothing : `${first} / ${second}`
}
