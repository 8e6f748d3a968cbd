// What a violation rests on: workflow, step and the log lines to open.
import type { Finding } from '../../contract/result.ts'
import { count } from '../format.ts'
import { placeOf } from '../problems.ts'
import { html, type Html } from './html.ts'

export function evidence(findings: readonly Finding[], violations: number): Html | null {
  if (findings.length === 0) return violations === 0 ? null : html`<p>${count(violations)} without a listed finding.</p>`
  const more = violations - findings.length
  return html`<ul class="evidence">${findings.map((finding) => html`<li>${finding.summary}${finding.known === undefined ? null : html` <span class="tag">known: ${finding.known}</span>`}
    <br><span class="quiet">${placeOf(finding)}</span> ${finding.lines.map((line) => html`<code>${line}</code> `)}</li>`)}${more > 0 ? html`<li>… and ${count(more)} more, counted but not listed</li>` : null}</ul>`
}
