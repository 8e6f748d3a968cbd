// What a team would have to run and change: measured surface, settings changed, capabilities.
import type { Capability, Support } from '../../contract/driver.ts'
import type { Surface } from '../../contract/result.ts'
import type { Cast, Engine } from '../engines.ts'
import { bytes, count, duration, figure, nothing, percent } from '../format.ts'
import { html, type Html } from './html.ts'
import { matrix, scroll, section } from './parts.ts'

const surfaceRows: readonly { label: string; cell: (surface: Surface) => string }[] = [
  { label: 'processes to run', cell: (own) => own.processes.join(', ') || nothing },
  { label: 'stores that hold state', cell: (own) => own.stores.join(', ') || nothing },
  { label: 'cold start to first completed run', cell: (own) => duration(own.coldStartMs) },
  { label: 'memory at rest', cell: (own) => (own.idleRssMb === null ? nothing : `${figure(own.idleRssMb)} MB`) },
  { label: 'CPU at rest', cell: (own) => percent(own.idleCpuShare) },
  { label: 'CPU per 1,000 transitions', cell: (own) => (own.cpuSecondsPerThousandTransitions === null ? nothing : duration(own.cpuSecondsPerThousandTransitions * 1000)) },
  { label: 'WAL per transition', cell: (own) => bytes(own.walBytesPerTransition) },
  { label: 'listening ports', cell: (own) => count(own.listeners) },
  { label: 'tables', cell: (own) => count(own.tables) },
]

const support: Readonly<Record<Support, string>> = { native: '✔ native', emulated: '≈ emulated (ours)', absent: '– absent' }

export function operations({ engines }: Cast): Html | null {
  const known = engines.filter((engine) => engine.driver !== null)
  if (known.length === 0) return null
  return section('operations', 'What it takes to run it', 'Measured where it can be. What is emulated is the harness’s doing and is never charged to the engine.',
    surface(known), versions(known), settings(known), capabilities(known))
}

function surface(engines: readonly Engine[]): Html | null {
  const measured = engines.map((engine) => engine.points.find((point) => point.surface !== null)?.surface ?? null)
  if (measured.every((own) => own === null)) return html`<p class="quiet">The operational surface was not measured in this run.</p>`
  return matrix('Operational surface (– not measured)', engines, surfaceRows.map(({ label, cell }) => ({ label, cells: measured.map((own) => (own === null ? nothing : cell(own))) })))
}

function versions(engines: readonly Engine[]): Html {
  return matrix('Versions and placement', engines, [
    { label: 'versions', cells: engines.map((engine) => Object.entries(engine.driver?.versions ?? {}).map(([name, version]) => `${name} ${version}`).join(', ') || nothing) },
    { label: 'placement', cells: engines.map((engine) => (engine.driver?.placement === 'embedded' ? 'embedded: the app is the worker' : 'remote: the app is apart')) },
  ])
}

function settings(engines: readonly Engine[]): Html {
  const rows = engines.flatMap((engine) => (engine.driver?.settings ?? []).map((setting) => html`<tr><th scope="row">${engine.title}</th><td><code>${setting.name}</code></td><td><code>${setting.value}</code></td><td>${setting.why}</td></tr>`))
  if (rows.length === 0) return html`<p>No setting was changed from its default.</p>`
  return scroll(html`<table><caption>Settings changed from their defaults</caption><thead><tr><th scope="col">Engine</th><th scope="col">Setting</th><th scope="col">Value</th><th scope="col">Why</th></tr></thead><tbody>${rows}</tbody></table>`)
}

function capabilities(engines: readonly Engine[]): Html {
  const names = [...new Set(engines.flatMap((engine) => Object.keys(engine.driver?.capabilities ?? {})))] as Capability[]
  return html`<details class="box"><summary>Capabilities</summary>${matrix('Capabilities', engines, names.map((name) => ({
    label: name,
    cells: engines.map((engine) => (engine.driver === null ? nothing : support[engine.driver.capabilities[name]])),
  })))}</details>`
}
