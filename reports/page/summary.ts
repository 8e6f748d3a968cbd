// The first screen below the header: one column an engine, then what went wrong and what was not answered. Columns
// stand in the plan's order: sorting them by a figure would be a ranking, which one unpaired run does not support.
import type { Result } from '../../contract/result.ts'
import type { Cast, Control } from '../engines.ts'
import { plural } from '../format.ts'
import { overview } from '../overview.ts'
import { doubts, violations, violationsOf, type Violation } from '../problems.ts'
import { evidence } from './evidence.ts'
import { html, type Html } from './html.ts'
import { badge, scroll, section } from './parts.ts'

export function summary(result: Result, { engines, controls }: Cast): Html {
  const ran = engines.filter((engine) => engine.standing !== 'skipped')
  const groups = overview(result, ran)
  const table = scroll(html`<table class="figures"><caption class="hidden">Summary by engine</caption>
    <thead><tr><td></td>${ran.map((engine) => html`<th scope="col">${engine.title}</th>`)}</tr></thead>
    <tbody><tr><th scope="row">verdict</th>${ran.map((engine) => html`<td>${badge(engine.standing)}</td>`)}</tr></tbody>
    ${groups.map((group) => html`<tbody><tr class="group"><th scope="rowgroup" colspan="${ran.length + 1}">${group.title}</th></tr>
      ${group.rows.map((row) => html`<tr><th scope="row">${row.label}</th>${row.cells.map((cell) => html`<td${/INVALID|violated/.test(cell) ? html` class="alarm"` : null}>${cell}</td>`)}</tr>`)}</tbody>`)}
  </table>`)
  return section('summary', 'At a glance', '', ran.length === 0 ? html`<p>No engine ran.</p>` : table,
    controls.length === 0 ? null : html`<p class="controls-line">Controls: ${controls.map((control) => html`<span>${control.title} ${caughtBadge(control)}</span>`)}</p>`)
}

export function problems(result: Result): Html | null {
  const found = violations(result)
  const open = doubts(result)
  if (found.length + open.length === 0) return null
  return section('problems', 'Violations, and what was not answered', 'Unknown is not a pass: it says that this run cannot tell.',
    found.length === 0 ? null : html`<ul class="violations">${found.map(violationItem)}</ul>`,
    open.length === 0 ? null : html`<ul class="doubts">${open.map((doubt) => html`<li>${badge('unknown', doubt.kind)} <code>${doubt.where}</code>: ${doubt.why}</li>`)}</ul>`)
}

function violationItem(violation: Violation): Html {
  return html`<li><p>${badge('fail', violation.invariant)} <strong>${violation.engine.title}</strong>, <code>${violation.point}</code>: ${violation.why}</p>${evidence(violation.findings, violation.violations)}</li>`
}

export function controlsSection(controls: readonly Control[]): Html | null {
  if (controls.length === 0) return null
  return section('controls', 'Controls', 'Controls are built to fail. They are no engines to choose from: they show that this run, on this machine, could see a loss. One that passes makes the run invalid.',
    html`${controls.map((control) => html`<div class="control"><h3>${control.title} ${caughtBadge(control)}</h3>
      ${control.skipped === '' ? null : html`<p>Not run: ${control.skipped}</p>`}
      ${violationsOf(control).map((violation) => html`<details class="box"><summary><code>${violation.point}</code> violates ${violation.invariant}: ${plural(violation.violations, 'violation')}</summary><p>${violation.why}</p>${evidence(violation.findings, violation.violations)}</details>`)}</div>`)}`)
}

function caughtBadge(control: Control): Html {
  return badge(control.caught === 'caught' ? 'pass' : control.caught === 'unknown' ? 'unknown' : 'fail', control.caught)
}
