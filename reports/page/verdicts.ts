// Engine × invariant. A cell opens to show, point by point, how often the invariant was put at risk, what was measured, why
// the verdict is what it is, and the evidence.
import type { Cast } from '../engines.ts'
import { count, measure, percent } from '../format.ts'
import { invariantTitles, type InvariantPart, type MergedInvariant } from '../verdicts.ts'
import type { InvariantName } from '../../contract/plan.ts'
import { evidence } from './evidence.ts'
import { html, type Html } from './html.ts'
import { badge, scroll, section } from './parts.ts'

export function verdictTable({ engines }: Cast): Html | null {
  const ran = engines.filter((engine) => engine.standing !== 'skipped')
  const names = (Object.keys(invariantTitles) as InvariantName[]).filter((name) => ran.some(({ invariants }) => invariants.some((each) => each.name === name)))
  if (names.length === 0) return null
  return section('verdicts', 'What held', 'Judged from outside: the clients’ history, the world’s ledger and the engine’s journal are compared after the run; the engine is never asked whether it was right. Open a cell for its evidence; “unasked” marks what no point of the plan was meant to put at risk.',
    scroll(html`<table class="verdicts"><caption class="hidden">Verdicts by invariant and engine</caption>
      <thead><tr><th scope="col">Invariant</th>${ran.map((engine) => html`<th scope="col">${engine.title}</th>`)}</tr></thead>
      <tbody>${names.map((name) => html`<tr><th scope="row">${name}<small>${invariantTitles[name]}</small></th>${ran.map((engine) => cell(engine.invariants.find((each) => each.name === name)))}</tr>`)}</tbody></table>`))
}

function cell(merged: MergedInvariant | undefined): Html {
  if (merged === undefined) return html`<td><span class="quiet">– not checked</span></td>`
  const note = merged.verdict === 'fail' ? `${count(merged.violations)} in ${count(merged.exposures)}` : `n = ${count(merged.exposures)}`
  return html`<td><details${merged.verdict === 'fail' ? html` open` : null}><summary>${badge(merged.verdict)} <span class="quiet">${note}${merged.named ? '' : ', unasked'}${merged.allKnown ? ', known' : ''}</span></summary>
    ${merged.why === '' ? null : html`<p>${merged.why}</p>`}${merged.parts.map(part)}</details></td>`
}

function part({ point, result }: InvariantPart): Html {
  // The rule of three: no failure in n leaves room for 3/n at 95 % confidence.
  const bound = result.verdict === 'pass' && result.exposures > 0 ? `; none failed: at most ${percent(Math.min(1, 3 / result.exposures))} do (95 %)` : ''
  const measures = Object.entries(result.measures)
  return html`<div class="part"><p><code>${point.id}</code> ${badge(result.verdict)}<br>${count(result.exposures)} exposures${bound}</p><p>${result.why}</p>
    ${measures.length === 0 ? null : html`<dl class="measures">${measures.map(([name, value]) => html`<div><dt>${name}</dt><dd>${measure(name, value)}</dd></div>`)}</dl>`}
    ${evidence(result.findings, result.violations)}</div>`
}
