// What was run, how it ended, and what it takes to run it again.
import type { Json } from '../../contract/json.ts'
import type { Result } from '../../contract/result.ts'
import type { Cast } from '../engines.ts'
import { duration, plural } from '../format.ts'
import { html, type Html } from './html.ts'
import { badge, scroll } from './parts.ts'

const meanings: Readonly<Record<number, string>> = {
  0: 'everything that the plan asks for was answered', 1: 'the harness itself failed', 2: 'wrong usage', 10: 'an invariant was violated', 11: 'a service level was missed',
  12: 'a regression', 13: 'invalid, insufficient, or required but unknown', 14: 'no baseline', 130: 'interrupted; what follows is what was recorded until then',
}

export function header({ run, plan }: Result, { engines, controls }: Cast): Html {
  const standing = run.exitCode === 0 ? 'pass' : run.exitCode === 13 || run.exitCode === 130 ? 'unknown' : 'fail'
  const facts: [string, Html | string][] = [
    ['Run', html`<code>${run.id}</code>`],
    ['Started', html`<time datetime="${run.startedAt}">${run.startedAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')}</time>`],
    ['Took', duration(run.seconds * 1000)],
    ['Seed', html`<code>${run.seed}</code>`],
    ['Points', plural(plan.points.length, 'point')],
    ['Revision', run.git === null ? 'not a git checkout' : html`<code>${run.git.revision.slice(0, 12)}</code>${run.git.dirty ? ' with uncommitted changes' : ''}`],
  ]
  return html`<header>
    <h1>durabench ${plan.command} <span class="quiet">${engines.map((engine) => engine.title).join(', ') || 'no engine'}${controls.length === 0 ? '' : `; control: ${controls.map((control) => control.title).join(', ')}`}</span></h1>
    <p class="ending">${badge(standing, `exit ${run.exitCode}`)} ${meanings[run.exitCode] ?? 'see the reasons'}${run.interrupted && run.exitCode !== 130 ? ' (interrupted)' : ''}</p>
    ${run.reasons.length === 0 ? null : html`<ul class="reasons">${run.reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`}
    <dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    <p class="again">Run it again: <code>${run.command}</code></p>
    <details class="box"><summary>The machine and its settings (fingerprint)</summary>
      ${scroll(html`<table class="pairs"><caption class="hidden">Fingerprint</caption><tbody>${flat(run.fingerprint, '').map(([name, value]) => html`<tr><th scope="row">${name}</th><td><code>${value}</code></td></tr>`)}</tbody></table>`)}
    </details>
  </header>`
}

function flat(value: Json, name: string): [string, string][] {
  if (value === null || typeof value !== 'object') return [[name, String(value)]]
  if (Array.isArray(value)) return [[name, value.map((each) => (typeof each === 'object' ? JSON.stringify(each) : String(each))).join(', ')]]
  return Object.entries(value).flatMap(([key, inner]) => flat(inner, name === '' ? key : `${name}.${key}`))
}
