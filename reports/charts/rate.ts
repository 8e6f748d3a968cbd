// Verified steps per second, an engine a bar. The scale is logarithmic because engines differ by orders of magnitude; so
// lengths compare factors, not amounts. Whatever is not verified is drawn hollow and dashed, and says why it is.
import type { TopLevelSpec } from 'vega-lite'
import type { Result } from '../../contract/result.ts'
import { cast } from '../engines.ts'
import { figure } from '../format.ts'
import { ratePhases } from '../rates.ts'
import { alarm, chartWidth, config, identities, logTicks } from './theme.ts'

/** null: no phase has a rate. Controls are not in it: they have no durability to compare. */
export function rateChart(result: Result): TopLevelSpec | null {
  const everyone = cast(result)
  const phases = ratePhases(everyone.engines)
  const rates = phases.map((row) => row.phase.verifiedStepsPerSecond ?? 0).filter((rate) => rate > 0)
  if (rates.length === 0) return null
  const low = 10 ** Math.floor(Math.log10(Math.min(...rates) * 0.9))
  const highest = Math.max(...rates)
  // Room for the label at the right of the longest bar.
  const high = highest * (highest / low) ** 0.8
  const values = phases.map(({ engine, phase, trust, why }) => {
    const steps = phase.verifiedStepsPerSecond ?? 0
    return {
      engine: engine.key,
      phase: `${phase.kind} loop${phase.offeredPerSecond === null ? '' : ' (offered rates differ)'}`,
      bar: Math.max(steps, low), low, trust, why,
      label: `${figure(steps)} steps/s · ${figure(phase.verifiedTransitionsPerSecond)} transitions/s · ${trust}`,
    }
  })
  const { domain, colours } = identities(everyone)
  const y = { field: 'engine', type: 'nominal', sort: domain, title: null, axis: { ticks: false, domain: false, labelFontSize: 12 } } as const
  const verified = "datum.trust === 'verified'"
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: 'Verified steps per second, by engine, on a logarithmic scale',
    config,
    data: { values },
    facet: { row: { field: 'phase', type: 'nominal', title: null, header: { labelOrient: 'top', labelAnchor: 'start', labelAngle: 0, labelPadding: 4 } } },
    spacing: 16,
    spec: {
      width: chartWidth - 140,
      height: { step: 30 },
      layer: [
        {
          mark: { type: 'bar', height: 18, strokeWidth: 1.5, cornerRadiusEnd: 2 },
          encoding: {
            y,
            x: { field: 'bar', type: 'quantitative', scale: { type: 'log', domain: [low, high], nice: false }, title: 'verified steps/s, logarithmic', axis: { values: logTicks(low, highest), format: ',~r', grid: true } },
            x2: { field: 'low' },
            fill: { field: 'engine', type: 'nominal', scale: { domain, range: colours }, legend: null },
            stroke: { condition: { test: "datum.trust === 'violated' || datum.trust === 'INVALID'", value: alarm }, field: 'engine', type: 'nominal', scale: { domain, range: colours }, legend: null },
            fillOpacity: { condition: { test: verified, value: 0.9 }, value: 0.12 },
            strokeDash: { condition: { test: verified, value: [1, 0] }, value: [4, 3] },
            tooltip: [{ field: 'engine', title: 'engine' }, { field: 'label', title: 'rate' }, { field: 'why', title: 'why' }],
          },
        },
        {
          mark: { type: 'text', align: 'left', dx: 6, fontSize: 12 },
          encoding: { y, x: { field: 'bar', type: 'quantitative' }, text: { field: 'label' } },
        },
      ],
    },
  }
}
