// The look that all charts share. Text and lines are drawn in `currentColor` and the palette has a contrast of at least
// 3:1 on white and on near-black, so that one drawing serves light, dark and paper; nothing is redrawn when the theme changes.
import type { Config } from 'vega-lite'
import type { Cast, Engine } from '../engines.ts'

/** Width of all charts; the page scales them to its own, so text stays legible between a phone on its side and a wide screen. */
export const chartWidth = 840

export const palette = ['#3a7fd5', '#cf6f1e', '#2a9461', '#9a5fd0', '#d04f7e', '#1b8fa6', '#8a8420'] as const
export const alarm = '#d6453d'

const dashes: readonly (readonly number[])[] = [[1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4], [12, 4], [1, 3]]

export const config: Config = {
  background: 'transparent',
  font: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  view: { stroke: null },
  title: { color: 'currentColor', anchor: 'start', fontSize: 13, fontWeight: 600, frame: 'group', offset: 8 },
  axis: {
    labelColor: 'currentColor', titleColor: 'currentColor', tickColor: 'currentColor', domainColor: 'currentColor', gridColor: 'currentColor',
    gridOpacity: 0.14, domainOpacity: 0.4, tickOpacity: 0.4, labelFontSize: 11, titleFontSize: 11, titleFontWeight: 400, labelLimit: 220,
  },
  header: { labelColor: 'currentColor', labelFontSize: 12, labelFontWeight: 600 },
  legend: { labelColor: 'currentColor', titleColor: 'currentColor', labelFontSize: 12, symbolStrokeWidth: 2.5, symbolSize: 400, labelLimit: 260 },
  text: { color: 'currentColor', fontSize: 11 },
  rule: { color: 'currentColor' },
}

/** One colour and one dash an engine, the same in every chart; the dash carries it where colour does not. */
export function identities({ engines }: Cast): { readonly domain: string[]; readonly colours: string[]; readonly dashes: number[][] } {
  return {
    domain: engines.map((engine) => engine.key),
    colours: engines.map((_, i) => palette[i % palette.length]!),
    dashes: engines.map((_, i) => [...dashes[i % dashes.length]!]),
  }
}

export function colourOf({ engines }: Cast, engine: Engine): string {
  return palette[engines.indexOf(engine) % palette.length]!
}

/** Powers of ten, with 2 and 5 between them where the range is short. */
export function logTicks(low: number, high: number): number[] {
  const ticks: number[] = []
  const steps = Math.log10(high / low) > 4 ? [1] : [1, 2, 5]
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const step of steps) {
      const tick = Number(`${step}e${power}`)
      if (tick >= low && tick <= high) ticks.push(tick)
    }
  }
  return ticks
}

/** For an axis in milliseconds. */
export const durationLabels = "datum.value >= 1000 ? format(datum.value / 1000, '~g') + ' s' : format(datum.value, '~g') + ' ms'"
