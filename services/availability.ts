// Could a service be had on this machine? Nothing is started and nothing built; why not, and what to do, is for people to read.
import type { ServiceNeed } from '../contract/driver.ts'
import { ServiceError } from './error.ts'
import { findGo, pinnedVersion, type Availability } from './go/toolchain.ts'
import { serverAccount } from './postgres/account.ts'
import { findBinaries, versionFor } from './postgres/binaries.ts'
import { checkPostgres } from './postgres/external.ts'
import { serverVersion, temporalModule } from './temporal/build.ts'
import { checkTemporal } from './temporal/external.ts'
import { toxiproxyModule } from './toxiproxy/build.ts'
import { checkToxiproxy } from './toxiproxy/server.ts'

/** External servers, as the command line gives them. */
export interface Addresses {
  readonly postgres?: string
  readonly temporal?: string
  /** Of an API whose proxies can reach this machine's loopback. */
  readonly toxiproxy?: string
}

/** An address that is given is asked; else the machine is looked at. */
export async function availability(need: ServiceNeed | 'toxiproxy', addresses: Addresses): Promise<Availability> {
  try {
    if (need === 'toxiproxy') return await toxiproxyAvailability(addresses)
    return need === 'postgres' ? await postgresAvailability(addresses) : await temporalAvailability(addresses)
  } catch (error) {
    if (error instanceof ServiceError) return { ok: false, why: error.facts, how: error.todo }
    throw error
  }
}

async function postgresAvailability({ postgres }: Addresses): Promise<Availability> {
  if (postgres !== undefined) {
    const { version, place } = await checkPostgres(postgres)
    return { ok: true, provider: `Postgres ${version} at ${place}` }
  }
  const account = serverAccount()
  const binaries = await findBinaries()
  const version = (await versionFor(binaries, account)) ?? (await versionFor(binaries, null))
  return { ok: true, provider: `Postgres ${version} from npm${account === null ? '' : `, as user ${account.uid}`}` }
}

async function temporalAvailability(addresses: Addresses): Promise<Availability> {
  if (addresses.temporal !== undefined) return { ok: true, provider: `Temporal ${await checkTemporal(addresses.temporal)} at ${addresses.temporal}` }
  const go = await findGo(temporalModule)
  if (!go.ok) return go
  const store = await postgresAvailability(addresses)
  return store.ok ? { ok: true, provider: `Temporal ${serverVersion} built with Go ${go.version}, on ${store.provider}` } : store
}

async function toxiproxyAvailability({ toxiproxy }: Addresses): Promise<Availability> {
  if (toxiproxy !== undefined) return { ok: true, provider: `Toxiproxy ${await checkToxiproxy(toxiproxy)} at ${toxiproxy}` }
  const go = await findGo(toxiproxyModule)
  return go.ok ? { ok: true, provider: `Toxiproxy ${pinnedVersion(toxiproxyModule)} built with Go ${go.version}` } : go
}
