// How long runs took: the share that was slower than x (a complementary distribution), both axes logarithmic, because
// tails are the point and a mean or a bar hides them. Curves end at the slowest run, so n is to be seen.
import type { TopLevelSpec } from 'vega-lite'
import type { HistogramResult, Result } from '../../contract/result.ts'
import { cast } from '../engines.ts'
import { durationUs, percent } from '../format.ts'
import { latencyPhases } from '../rates.ts'
import { chartWidth, config, durationLabels, identities, logTicks } from './theme.ts'

const shareTicks = [1, 0.5, 0.1, 0.01, 0.001, 0.0001, 0.00001]
const shareLabels = "{'1': 'all', '0.5': 'p50', '0.1': 'p90', '0.01': 'p99', '0.001': 'p99.9', '0.0001': 'p99.99', '0.00001': 'p99.999'}[toString(datum.value)]"

/** null: no phase has a latency. */
export function latencyChart(result: Result): TopLevelSpec | null {
  const everyone = cast(result)
  const phases = latencyPhases(everyone.engines)
  const values = phases.flatMap(({ engine, point, phase }) => {
    const histogram = phase.effectLatency ?? phase.endLatency
    const note = phase.invalid.length > 0 ? 'INVALID' : point.verdict === 'fail' ? 'violated' : 'valid'
    return histogram === null ? [] : slowerThan(histogram).map(([us, share]) => ({
      engine: engine.key, curve: `${point.id}/${phase.name}`, note, ms: us / 1000, share, time: durationUs(us), slower: percent(share),
    }))
  })
  if (values.length === 0) return null
  const times = values.map((value) => value.ms)
  const [low, high] = [Math.min(...times) * 0.9, Math.max(...times) * 1.1]
  const least = Math.min(0.5, ...values.map((value) => value.share))
  const { domain, colours, dashes } = identities(everyone)
  const seen = domain.filter((title) => values.some((value) => value.engine === title))
  const range = <T>(all: readonly T[]): T[] => all.filter((_, i) => seen.includes(domain[i]!))
  const legend = { title: null, orient: 'top', symbolType: 'stroke' } as const
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: 'Share of runs slower than a given time, by engine, both axes logarithmic',
    config,
    data: { values },
    width: chartWidth - 70,
    height: 300,
    mark: { type: 'line', interpolate: 'step-after', strokeWidth: 2.2 },
    encoding: {
      x: {
        field: 'ms', type: 'quantitative', scale: { type: 'log', domain: [low, high], nice: false },
        title: `from the intended start to ${phases.every(({ phase }) => phase.effectLatency !== null) ? 'the last effect' : 'the last effect, or where effects have no time, to the end as seen'} (logarithmic)`, axis: { values: logTicks(low, high), labelExpr: durationLabels },
      },
      y: {
        field: 'share', type: 'quantitative', scale: { type: 'log', domain: [least, 1], nice: false },
        title: 'share of runs that took longer', axis: { values: shareTicks.filter((share) => share >= least), labelExpr: shareLabels },
      },
      color: { field: 'engine', type: 'nominal', scale: { domain: seen, range: range(colours) }, legend },
      strokeDash: { field: 'engine', type: 'nominal', scale: { domain: seen, range: range(dashes) }, legend },
      detail: { field: 'curve' },
      opacity: { condition: { test: "datum.note === 'valid'", value: 1 }, value: 0.45 },
      tooltip: [{ field: 'engine' }, { field: 'time', title: 'took' }, { field: 'slower', title: 'took longer' }, { field: 'note', title: 'measurement' }],
    },
  }
}

/** [µs, share of runs above it]; the last bucket's share is zero, which no logarithm shows. */
function slowerThan({ buckets, count, minUs }: HistogramResult): [number, number][] {
  let left = count
  const curve: [number, number][] = [[Math.max(minUs, 1), 1]]
  for (const [us, n] of buckets) {
    left -= n
    if (left > 0 && us > 0) curve.push([us, left / count])
  }
  const last = curve.at(-1)
  const end = buckets.at(-1)
  return last === undefined || end === undefined ? curve : [...curve, [Math.max(end[0], 1), last[1]]]
}
