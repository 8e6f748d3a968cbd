// Runs that ended, over time, with the faults drawn in: a strip of faults above each engine's curve. Each engine has a time
// axis of its own, since crash legs differ in length.
import type { TopLevelSpec } from 'vega-lite'
import type { Result, Timeline } from '../../contract/result.ts'
import { cast, type Cast, type Engine } from '../engines.ts'
import { duration } from '../format.ts'
import { alarm, chartWidth, colourOf, config } from './theme.ts'

const width = chartWidth - 100
const maxBins = 240

type Part = Extract<TopLevelSpec, { vconcat: unknown }>['vconcat'][number]

/** null: no point of an engine has a timeline. Prefers the crash leg; without one, every leg that has faults. */
export function timelineChart(result: Result): TopLevelSpec | null {
  const everyone = cast(result)
  const all = everyone.engines.flatMap((engine) => engine.points.flatMap((point) => (point.timeline === null || point.timeline.marks.length === 0 ? [] : [{ engine, point, timeline: point.timeline }])))
  const crash = all.filter((each) => each.point.leg === 'crash')
  const shown = crash.length > 0 ? crash : all
  if (shown.length === 0) return null
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: 'Runs ended per second over time, by engine, with the injected faults',
    config: { ...config, concat: { spacing: 4 } },
    vconcat: shown.map(({ engine, point, timeline }) => {
      const isOnly = shown.filter((other) => other.engine === engine).length === 1
      const title = isOnly ? engine.key : `${point.id}, ${point.scenario}`
      return engineChart(everyone, engine, point.verdict === 'fail' ? `${title} (violated)` : title, timeline)
    }),
    spacing: 26,
    resolve: { scale: { x: 'independent', y: 'independent', color: 'independent' } },
  }
}

function engineChart(everyone: Cast, engine: Engine, title: string, timeline: Timeline): Part {
  const ended = rebinned(timeline)
  const endMs = Math.max(1, ended.length * ended.binMs, ...timeline.marks.map((mark) => mark.untilMs ?? mark.atMs))
  const marks = labelled(timeline, endMs)
  const kinds = [...new Set(marks.map((mark) => mark.kind))]
  const x = { field: 'at', type: 'quantitative' as const, scale: { domain: [0, endMs / 1000], nice: false } }
  const tooltip = [{ field: 'kind', title: 'fault' }, { field: 'label' }, { field: 'time', title: 'at' }, { field: 'healed' }]
  const faults = { values: marks }
  return {
    title,
    spacing: 2,
    vconcat: [
      {
        width, height: kinds.length * 17, data: faults,
        encoding: { y: { field: 'kind', type: 'nominal', sort: kinds, title: null, axis: { grid: false, ticks: false, domain: false } } },
        layer: [
          { mark: { type: 'bar', height: 5, opacity: 0.4, color: alarm }, encoding: { x: { ...x, axis: null }, x2: { field: 'until' } } },
          { mark: { type: 'tick', thickness: 2, height: 11, color: alarm }, encoding: { x: { ...x, axis: null }, tooltip } },
          { transform: [{ filter: 'datum.room' }], mark: { type: 'text', align: 'left', dx: 4, fontSize: 10 }, encoding: { x: { ...x, field: 'until', axis: null }, text: { field: 'label' } } },
        ],
      },
      {
        width, height: 90,
        layer: [
          {
            data: { values: [...ended.perSecond, ended.perSecond.at(-1) ?? 0].map((perSecond, bin) => ({ at: (bin * ended.binMs) / 1000, perSecond })) },
            mark: { type: 'area', interpolate: 'step-after', line: { color: colourOf(everyone, engine), strokeWidth: 1.5 }, color: colourOf(everyone, engine), fillOpacity: 0.3 },
            encoding: {
              x: { ...x, title: "seconds since the point's start", axis: { grid: false } },
              y: { field: 'perSecond', type: 'quantitative', title: 'runs ended/s', axis: { tickCount: 3, titlePadding: 8 } },
            },
          },
          { data: faults, mark: { type: 'rule', color: alarm, opacity: 0.35, strokeDash: [2, 2] }, encoding: { x } },
        ],
      },
    ],
  }
}

/** Fewer, wider bins where there are more than a picture can show. */
function rebinned({ ended, binMs }: Timeline): { binMs: number; length: number; perSecond: number[] } {
  const fold = Math.max(1, Math.ceil(ended.length / maxBins))
  const perSecond: number[] = []
  for (let from = 0; from < ended.length; from += fold) {
    const bins = ended.slice(from, from + fold)
    perSecond.push((bins.reduce((sum, n) => sum + n, 0) * 1000) / (bins.length * binMs))
  }
  return { binMs: binMs * fold, length: perSecond.length, perSecond }
}

/** A label is written where it does not run into the next mark of its kind; all are in the tooltip and the table of faults. */
function labelled({ marks }: Timeline, endMs: number) {
  const msPerPixel = endMs / width
  const sorted = [...marks].sort((a, b) => a.atMs - b.atMs)
  return sorted.map((mark, i) => {
    const next = sorted.slice(i + 1).find((other) => other.kind === mark.kind)
    const free = ((next?.atMs ?? endMs) - (mark.untilMs ?? mark.atMs)) / msPerPixel
    return {
      kind: mark.kind, label: mark.label, at: mark.atMs / 1000, until: (mark.untilMs ?? mark.atMs) / 1000, time: duration(mark.atMs),
      healed: mark.untilMs === null ? 'not seen' : duration(mark.untilMs), room: free > mark.label.length * 6 + 10,
    }
  })
}
