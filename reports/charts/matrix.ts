// The crash-point matrix as a heat map: steps down, points across, a map for each engine, victim and load. Colour is the worst
// that came of a cell's shots; the word and the count stand in it, for paper and for eyes that miss the colour.
import type { TopLevelSpec } from 'vega-lite'
import type { Cell, CellOutcome } from '../../contract/matrix.ts'
import type { Result } from '../../contract/result.ts'
import { cast } from '../engines.ts'
import { duration } from '../format.ts'
import { mapsOf, outcomes, placeOf, points } from '../matrix.ts'
import { alarm, chartWidth, config } from './theme.ts'

const colours: Readonly<Record<CellOutcome, string>> = { once: '#2a9461', twice: '#cf6f1e', stuck: '#9a5fd0', wrong: '#d04f7e', lost: alarm, unknown: '#8b929c' }

/** null: the run has no matrix. */
export function matrixChart(result: Result): TopLevelSpec | null {
  const { engines } = cast(result)
  const maps = engines.flatMap((engine) => mapsOf(result, engine).map(({ title, cells }) => ({ title: `${engine.key}: ${title}`, cells })))
  if (maps.length === 0) return null
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: 'What became of runs that were crashed at each step and point, with the median time to their first progress',
    config,
    spacing: 24,
    // A view for each map, and no facets: the maps of two scenarios have not one step in common.
    vconcat: maps.map(({ title, cells }) => ({
      title,
      data: { values: cells.map(row) },
      width: chartWidth - 140,
      height: { step: 26 },
      encoding: {
        x: { field: 'point', type: 'nominal', scale: { domain: [...points] }, title: null, axis: { orient: 'top', labelAngle: 0, ticks: false, domain: false } },
        y: { field: 'place', type: 'nominal', sort: { field: 'order', op: 'min' }, title: null, axis: { ticks: false, domain: false } },
      },
      layer: [
        {
          mark: { type: 'rect', cornerRadius: 3 },
          encoding: {
            color: { field: 'outcome', type: 'nominal', scale: { domain: [...outcomes], range: outcomes.map((outcome) => colours[outcome]) }, legend: { title: null, orient: 'bottom', symbolType: 'square', symbolStrokeWidth: 0 } },
            tooltip: [{ field: 'place', title: 'step' }, { field: 'point' }, { field: 'outcome' }, { field: 'fired' }, { field: 'recovery', title: 'first progress, median' }, { field: 'share', title: "engine's share" }, { field: 'why' }],
          },
        },
        { mark: { type: 'text', color: '#ffffff', fontSize: 11 }, encoding: { text: { field: 'label' } } },
      ],
    })),
  }
}

function row(cell: Cell): Record<string, string | number> {
  const recovery = duration(cell.medianProgressMs)
  return {
    place: placeOf(cell), order: cell.point === 'body-returns' ? cell.seq + 0.5 : cell.seq, point: cell.point, outcome: cell.outcome,
    label: `${cell.exact ? '' : '≈ '}${cell.outcome} · ${cell.fired}×${cell.medianProgressMs === null ? '' : ` · ${recovery}`}`,
    fired: `${cell.fired} of ${cell.wanted}`, recovery, share: duration(cell.medianShareMs), why: cell.why,
  }
}
