// The report as one HTML file that asks the network for nothing (its own content policy forbids it) and can be read without
// scripts, on paper, in the dark. Costs 0.9 MB, most of it the chart library, so that charts can be hovered years from now.
import { readFile } from 'node:fs/promises'
import type { TopLevelSpec } from 'vega-lite'
import type { Result } from '../../contract/result.ts'
import { draw } from '../charts/draw.ts'
import { charts } from '../charts/index.ts'
import { cast } from '../engines.ts'
import { faultTables } from './faults.ts'
import { header } from './header.ts'
import { html, Html } from './html.ts'
import { cellTables } from './matrix.ts'
import { method, skipped } from './method.ts'
import { operations } from './operations.ts'
import { section } from './parts.ts'
import { promiseSection } from './promises.ts'
import { recoverySection } from './recovery.ts'
import { scripts } from './scripts.ts'
import { controlsSection, problems, summary } from './summary.ts'
import { verdictTable } from './verdicts.ts'

type ChartName = keyof typeof charts

const captions: Readonly<Record<ChartName, { title: string; about: string; none: string }>> = {
  matrix: { title: 'Crash-point matrix', about: 'Runs that were crashed at each step and point, each cell several times: the worst that came of it, how often it was fired, and the median time to the run’s first progress. ≈ marks points that no driver hits exactly.', none: 'This run has no crash-point matrix.' },
  rate: { title: 'Rate', about: 'Verified steps per second, on a logarithmic scale: lengths compare factors. Hollow, dashed bars are not verified; their label says why. An engine that is not what its users run stands in the tables alone.', none: 'No phase of this run measured a rate.' },
  latency: { title: 'Latency of the agent', about: 'The share of runs that took longer than a time; lower and further left is sooner. Both axes are logarithmic. Faint lines are not valid measurements.', none: 'No phase of this run measured a latency.' },
  timeline: { title: 'Crashes over time', about: 'Runs that ended, per second, below the faults that were injected. Ticks are faults, the bars behind them last until healed.', none: 'No point of this run has a timeline with faults.' },
  recovery: { title: 'Recovery', about: 'A tick a fault; the long one is the median. Only faults that took hold and after which a run in flight moved on.', none: 'No fault of this run was followed by progress.' },
}

export async function page(result: Result): Promise<string> {
  const everyone = cast(result)
  const specs = Object.fromEntries((Object.keys(charts) as ChartName[]).map((name) => [name, charts[name](result)])) as Record<ChartName, TopLevelSpec | null>
  const figures = await Promise.all((Object.keys(charts) as ChartName[]).flatMap((name) => (specs[name] === null ? [] : [figure(name, specs[name])])))
  const style = await readFile(new URL('style.css', import.meta.url), 'utf8')
  const drawn = Object.fromEntries(Object.entries(specs).filter(([, spec]) => spec !== null))
  const body = html`${header(result, everyone)}<main>${[
    summary(result, everyone), problems(result), recoverySection(result, everyone), ...figures, cellTables(result, everyone), verdictTable(everyone), promiseSection(everyone, result.plan.minExposures), controlsSection(everyone.controls),
    operations(everyone), faultTables(everyone), skipped(everyone), notDrawn(specs), method(result),
  ].filter((part) => part !== null)}</main>`
  const document = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'; img-src data: blob:">
<meta name="color-scheme" content="light dark"><title>durabench ${result.plan.command}, run ${result.run.id}</title>
<style>${new Html(style)}</style></head><body>${body}${await scripts(drawn)}</body></html>`
  return document.markup
}

/** Charts for which this run has nothing: said once, at the end. */
function notDrawn(specs: Readonly<Record<ChartName, TopLevelSpec | null>>): Html | null {
  const absent = (Object.keys(charts) as ChartName[]).filter((name) => specs[name] === null)
  if (absent.length === 0) return null
  return section('not-drawn', 'Not in this run', '', html`<ul class="quiet">${absent.map((name) => html`<li>${captions[name].title}: ${captions[name].none}</li>`)}</ul>`)
}

async function figure(name: ChartName, spec: TopLevelSpec): Promise<Html> {
  const { title, about } = captions[name]
  const { svg } = await draw(spec)
  return section(name, title, about, html`<figure class="chart" id="chart-${name}" aria-label="${title}: ${about}">${new Html(svg)}</figure>`)
}
