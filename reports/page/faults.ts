// Every fault of the run, one a line: where it struck, whether the victim proves it, how long until runs moved on.
import type { FaultResult } from '../../contract/result.ts'
import { crashCosts, stepOf } from '../crashes.ts'
import type { Cast, Engine } from '../engines.ts'
import { count, dollars, duration, nothing, plural } from '../format.ts'
import { html, type Html } from './html.ts'
import { badge, matrix, scroll, section } from './parts.ts'

export function faultTables({ engines, controls }: Cast): Html | null {
  const struck = engines.filter((engine) => engine.points.some((point) => point.faults.length > 0))
  const all = [...struck, ...controls.filter((control) => control.points.some((point) => point.faults.length > 0))]
  if (all.length === 0) return null
  return section('faults', 'Faults, one by one', 'A fault counts only if the victim itself shows that it took hold; one that did not stays in the list. First progress is that of any run in flight at the fault; the engine’s own share leaves out the time until a replacement was ready or an operator called.',
    struck.length === 0 ? null : costs(struck), html`${all.map(engineFaults)}`)
}

function costs(engines: readonly Engine[]): Html {
  const summaries = engines.map((engine) => crashCosts(engine.points))
  return matrix('What crashes cost', engines, [
    { label: 'crashes injected (proved)', cells: summaries.map((own) => `${count(own.injected)} (${count(own.proved)})`) },
    { label: 'unkeyed effects done twice', cells: summaries.map((own) => count(own.duplicates.unkeyedEffects)) },
    { label: 'keyed effects attempted again', cells: summaries.map((own) => count(own.duplicates.keyedAttempts)) },
    { label: 'bare steps run again', cells: summaries.map((own) => count(own.duplicates.bareSteps)) },
    { label: 'model calls paid twice, per 1,000 crashes', cells: summaries.map((own) => (own.duplicates.crashes === 0 ? nothing : dollars((own.duplicates.extraModelMicros / own.duplicates.crashes) * 1000))) },
    { label: 'first progress, median / max', cells: summaries.map((own) => (own.recovery === null ? nothing : `${duration(own.recovery.median)} / ${duration(own.recovery.max)} (n = ${own.recovery.n})`)) },
    { label: 'engine’s own share, median / max', cells: summaries.map((own) => (own.engineShare === null ? nothing : `${duration(own.engineShare.median)} / ${duration(own.engineShare.max)}`)) },
    { label: 'proved, but no progress seen', cells: summaries.map((own) => count(own.noProgress)) },
  ])
}

function engineFaults(engine: Engine): Html {
  const rows = engine.points.flatMap((point) => point.faults.map((fault) => row(point.leg, fault)))
  return html`<details class="box"><summary>${engine.title}: ${plural(rows.length, 'fault')}</summary>${scroll(html`<table class="faults"><caption class="hidden">Faults injected into ${engine.title}</caption>
    <thead><tr><th scope="col">Fault</th><th scope="col">At</th><th scope="col">Where</th><th scope="col">Took hold</th><th scope="col">Runs in flight</th><th scope="col">First progress</th><th scope="col">Engine’s share</th><th scope="col">All runs</th></tr></thead>
    <tbody>${rows}</tbody></table>`)}</details>`
}

function row(leg: string, fault: FaultResult): Html {
  const place = [stepOf(fault), fault.point].filter((part) => part !== null && part !== '').join(' · ') || 'by time or event'
  const attempt = fault.attempt === null ? '' : `, attempt ${fault.attempt}`
  const took = fault.proved ? badge('pass', 'proved') : badge('unknown', fault.appliedAtMs === null ? 'not reached' : 'not proved')
  return html`<tr><th scope="row">${fault.kind} ${fault.role}${fault.slot === null ? '' : ` ${fault.slot}`}<small>${leg} ${fault.fault}</small></th><td class="number">${duration(fault.appliedAtMs)}</td>
    <td>${place}${fault.workflowId === null ? null : html`<small>${fault.workflowId}${attempt}</small>`}${fault.note === '' ? null : html`<small>${fault.note}</small>`}</td><td>${took}</td><td class="number">${count(fault.inFlight)}</td>
    <td class="number">${duration(fault.firstProgressMs)}</td><td class="number">${duration(fault.engineShareMs)}</td><td class="number">${duration(fault.allProgressMs)}</td></tr>`
}
