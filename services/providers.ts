// Ways to have each service, best first: the first that is to be had serves. An address that somebody gave is meant, so it stands
// alone: falling back to another server would be a run that nobody asked for.
import type { ServiceNeed } from '../contract/driver.ts'
import type { ServiceProvider } from '../contract/plan.ts'
import { findGo, pinnedVersion, type Availability } from './go/toolchain.ts'
import { serverAccount } from './postgres/account.ts'
import { findBinaries, versionFor } from './postgres/binaries.ts'
import { checkPostgres } from './postgres/external.ts'
import { ServiceError } from './error.ts'
import { serverVersion, temporalModule } from './temporal/build.ts'
import { findDevServer, devServerCaveat } from './temporal/dev-program.ts'
import { checkTemporal } from './temporal/external.ts'
import { toxiproxyModule } from './toxiproxy/build.ts'
import { checkToxiproxy } from './toxiproxy/server.ts'

export type ServiceName = ServiceNeed | 'toxiproxy'

/** External servers, as the command line gives them. */
export interface Addresses {
  readonly postgres?: string
  readonly temporal?: string
  /** Of that Temporal server: one that somebody else made, since a managed cluster lets nobody register any. */
  readonly temporalNamespace?: string
  /** Of an API whose proxies can reach this machine's loopback. */
  readonly toxiproxy?: string
}

/** One way to have a service. */
export interface Provider {
  readonly name: 'address' | 'npm' | 'go' | 'docker' | 'dev-server'
  /** As people read it. */
  readonly label: string
  available(): Promise<Availability>
}

/** What a provider was found to be. */
export interface Candidate {
  readonly provider: Provider
  readonly found: Availability
}

/** Which one serves; null: none does, and `found` has the reasons. */
export type Chosen = { readonly provider: Provider['name']; readonly found: Extract<Availability, { ok: true }> } | { readonly provider: null; readonly found: Lacking }
type Lacking = Extract<Availability, { ok: false }>

/** In their order. */
function providersOf(service: ServiceName, addresses: Addresses, services: ServiceProvider): readonly Provider[] {
  const address = addresses[service]
  if (address !== undefined) return [{ name: 'address', label: 'the address given', available: () => external(service, addresses, address) }]
  const docker: Provider = { name: 'docker', label: 'containers', available: () => containersAvailability(services) }
  if (services === 'docker') return [docker]
  switch (service) {
    case 'postgres': return [{ name: 'npm', label: 'npm', available: postgresFromNpm }, docker]
    case 'temporal': return [
      { name: 'go', label: 'Go', available: () => temporalFromGo(addresses) },
      docker,
      { name: 'dev-server', label: devServerCaveat, available: devServer },
    ]
    case 'toxiproxy': return [{ name: 'go', label: 'Go', available: toxiproxyFromGo }]
  }
}

/** All of them looked at: for who wants to know why one serves and not another. */
export function candidatesFor(service: ServiceName, addresses: Addresses, services: ServiceProvider): Promise<Candidate[]> {
  return Promise.all(providersOf(service, addresses, services).map(async (provider) => ({ provider, found: await asked(provider) })))
}

/** The first that is to be had; of none: what each of them lacks. */
export async function choose(service: ServiceName, addresses: Addresses, services: ServiceProvider): Promise<Chosen> {
  const lacking: Lacking[] = []
  for (const provider of providersOf(service, addresses, services)) {
    const found = await asked(provider)
    if (found.ok) return { provider: provider.name, found }
    lacking.push(found)
  }
  return { provider: null, found: { ok: false, why: lacking.map(({ why }) => why).join('; '), how: lacking.map(({ how }) => how).join('; or ') } }
}

async function asked(provider: Provider): Promise<Availability> {
  try {
    return await provider.available()
  } catch (error) {
    if (error instanceof ServiceError) return { ok: false, why: error.facts, how: error.todo }
    throw error
  }
}

async function external(service: ServiceName, { temporalNamespace }: Addresses, address: string): Promise<Availability> {
  switch (service) {
    case 'postgres': {
      const { version, place } = await checkPostgres(address)
      return { ok: true, provider: `Postgres ${version} at ${place}` }
    }
    case 'temporal': return { ok: true, provider: `Temporal ${await checkTemporal(address, temporalNamespace)} at ${address}${temporalNamespace === undefined ? '' : `, namespace ${temporalNamespace}`}` }
    case 'toxiproxy': return { ok: true, provider: `Toxiproxy ${await checkToxiproxy(address)} at ${address}` }
  }
}

async function postgresFromNpm(): Promise<Availability> {
  const account = serverAccount()
  const binaries = await findBinaries()
  const version = (await versionFor(binaries, account)) ?? (await versionFor(binaries, null))
  return { ok: true, provider: `Postgres ${version} from npm${account === null ? '' : `, as user ${account.uid}`}` }
}

async function temporalFromGo(addresses: Addresses): Promise<Availability> {
  const go = await findGo(temporalModule)
  if (!go.ok) return go
  const { found: store } = await choose('postgres', addresses, 'embedded')
  return store.ok ? { ok: true, provider: `Temporal ${serverVersion} built with Go ${go.version}, on ${store.provider}` } : store
}

/** Loaded only now, since few machines come this far. */
async function containersAvailability(services: ServiceProvider): Promise<Availability> {
  const found = await (await import('./docker/index.ts')).dockerAvailability()
  if (services === 'docker') return found
  // The next best way, which nobody asked for: other engines of the run are not in containers, so it is not quite their equal.
  return found.ok ? { ...found, provider: `${found.provider}, in containers`, caveat: 'in containers' } : { ...found, how: 'start a Docker engine' }
}

async function devServer(): Promise<Availability> {
  const found = await findDevServer()
  return found.ok ? { ok: true, provider: `Temporal ${found.server}: ${devServerCaveat}, by ${found.origin}`, caveat: devServerCaveat } : found
}

async function toxiproxyFromGo(): Promise<Availability> {
  const go = await findGo(toxiproxyModule)
  return go.ok ? { ok: true, provider: `Toxiproxy ${pinnedVersion(toxiproxyModule)} built with Go ${go.version}` } : go
}
