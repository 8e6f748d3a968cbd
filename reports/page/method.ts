// What was counted and what is not claimed, in a few lines; and what did not run, with the way to get it.
import type { Result } from '../../contract/result.ts'
import type { Cast } from '../engines.ts'
import { html, type Html } from './html.ts'
import { section } from './parts.ts'

export function skipped({ engines, controls }: Cast): Html | null {
  const absent = [...engines, ...controls].filter((engine) => engine.standing === 'skipped')
  if (absent.length === 0) return null
  return section('skipped', 'Not run, and how to get it', '', html`<dl class="skipped">${absent.map((engine) => html`<div><dt>${engine.title}</dt><dd>${engine.skipped}</dd></div>`)}</dl>`)
}

export function method(result: Result): Html {
  return section('method', 'How it was measured', '', html`<ul class="method">
    <li><strong>A transition</strong> is one durably acknowledged start, step completion or end: a run of N steps makes N + 2. Counted from the world’s ledger and the clients’ history; a step counts only if the journal returns it with the reply that the world gave. An engine’s own counter is never used.</li>
    <li><strong>A rate is “verified”</strong> if the oracle passed the point, the generator was not the bottleneck, and workers were killed under that load. <em>Unproven</em>: nobody was killed, so only counts were checked. <em>INVALID</em>: the measurement failed, which says nothing about the engine. <em>Violated</em>: fast, but not durable.</li>
    <li><strong>Latency</strong> runs from the moment a start was meant to be sent, by a schedule fixed beforehand, to the world’s receipt of the run’s last effect (or, where no effect has a time, to the end as a client saw it). A slow answer delays no later start.</li>
    <li><strong>A pass</strong> needs at least ${result.plan.minExposures} exposures: operations that were at risk when a fault struck. No failure in n still leaves room for 3/n.</li>
    <li><strong>Recovery</strong> depends on time-outs that an operator chooses; all engines get theirs from one budget. Restart delays are the harness’s choice, so the engine’s own share stands apart.</li>
    <li><strong>Not claimed:</strong> that figures of this machine hold on yours, that two engines’ figures from one unpaired run rank them, or that what was not exposed is safe. Seeds fix inputs, arrivals and triggers; real processes are not deterministic.</li>
  </ul>`)
}
