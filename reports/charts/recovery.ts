// How long recovery took, a tick a fault, so that a spread shows as a spread; the long tick is the median. Kinds of faults
// are apart because they are not comparable: a store that restarts takes everybody down. So are the cells of a recovery run.
import type { TopLevelSpec } from 'vega-lite'
import type { Result } from '../../contract/result.ts'
import { stepOf } from '../crashes.ts'
import { cast } from '../engines.ts'
import { duration } from '../format.ts'
import { recoveryCells } from '../recovery.ts'
import { chartWidth, config, durationLabels, identities, logTicks } from './theme.ts'

/** null: no proved fault has a recovery time. */
export function recoveryChart(result: Result): TopLevelSpec | null {
  const everyone = cast(result)
  const cells = everyone.engines.flatMap((engine) => recoveryCells(result, engine).filter(({ kind }) => kind === 'kill').flatMap(({ name, leaseMs, faults }) => faults.flatMap((fault) =>
    fault.newWorkMs === null ? [] : [{ engine: engine.key, what: `lease ${duration(leaseMs)}: ${name}`, ms: fault.newWorkMs, place: fault.fault, took: duration(fault.newWorkMs), share: duration(fault.newWorkShareMs) }])))
  const values = cells.length > 0 ? cells : everyone.engines.flatMap((engine) => engine.points.flatMap((point) => point.faults.flatMap((fault) =>
    fault.proved && fault.firstProgressMs !== null
      ? [{ engine: engine.key, what: `${point.leg}: ${fault.kind} ${fault.role}`, ms: Math.max(fault.firstProgressMs, 0.1), place: [stepOf(fault), fault.point].filter(Boolean).join(' · ') || 'by time or event', took: duration(fault.firstProgressMs), share: duration(fault.engineShareMs) }]
      : [])))
  if (values.length === 0) return null
  const until = cells.length > 0 ? 'until all runs that it met are at new work' : 'to the first progress of a run in flight'
  const times = values.map((value) => value.ms)
  const [low, high] = [Math.min(...times) * 0.8, Math.max(...times) * 1.25]
  const { domain, colours } = identities(everyone)
  const y = { field: 'engine', type: 'nominal', sort: domain, title: null, axis: { ticks: false, domain: false, labelFontSize: 12 } } as const
  const color = { field: 'engine', type: 'nominal', scale: { domain, range: colours }, legend: null } as const
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: `Time from a fault ${until}, by engine and kind of fault`,
    config,
    data: { values },
    facet: { row: { field: 'what', type: 'nominal', title: null, header: { labelOrient: 'top', labelAnchor: 'start', labelAngle: 0, labelPadding: 4 } } },
    spacing: 16,
    spec: {
      width: chartWidth - 140,
      height: { step: 24 },
      layer: [
        {
          mark: { type: 'tick', thickness: 2, height: 12, opacity: 0.6 },
          encoding: {
            y, color,
            x: { field: 'ms', type: 'quantitative', scale: { type: 'log', domain: [low, high], nice: false }, title: `from the fault ${until} (logarithmic)`, axis: { values: logTicks(low, high), labelExpr: durationLabels } },
            tooltip: [{ field: 'engine' }, { field: 'what', title: 'fault' }, { field: 'place' }, { field: 'took', title: 'took' }, { field: 'share', title: "engine's share" }],
          },
        },
        { mark: { type: 'tick', thickness: 3.5, height: 22 }, encoding: { y, color, x: { field: 'ms', type: 'quantitative', aggregate: 'median' } } },
      ],
    },
  }
}
