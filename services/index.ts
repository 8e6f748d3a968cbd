// Read me first. What must be running for a driver, and how to get it: a server of our own that chaos may kill, or an external
// address that nobody here touches. Whatever was started is disposed in reverse order, through one handle.
import { mkdir } from 'node:fs/promises'
import type { ServiceNeed } from '../contract/driver.ts'
import type { Guard } from '../processes/guard.ts'
import type { Controlled } from './controlled.ts'
import { ServiceError } from './error.ts'
import { serverAccount } from './postgres/account.ts'
import { findBinaries, versionFor } from './postgres/binaries.ts'
import { checkPostgres } from './postgres/external.ts'
import { walBytes } from './postgres/query.ts'
import { startPostgres } from './postgres/server.ts'
import type { RunningPostgres } from './postgres/server.ts'
import type { Setting } from './postgres/settings.ts'
import { initdbSettings, postgresSettings } from './postgres/settings.ts'
import type { Binaries } from './temporal/build.ts'
import { temporalBinaries } from './temporal/build.ts'
import { checkTemporal } from './temporal/external.ts'
import type { Availability } from './temporal/go.ts'
import { findGo, serverVersion } from './temporal/go.ts'
import { createDatabases, dropDatabase } from './temporal/schema.ts'
import type { RunningTemporal } from './temporal/server.ts'
import { startTemporal } from './temporal/server.ts'

export type { Availability, Controlled }
export { ServiceError }

/** External servers, as the command line gives them. */
export interface Addresses {
  readonly postgres?: string
  readonly temporal?: string
}

export interface RunningServices extends AsyncDisposable {
  readonly postgresUrl: string | null
  readonly temporalAddress: string | null
  /** null: external, or not needed; no fault can reach it. */
  readonly store: Controlled | null
  readonly server: Controlled | null
  /** Rejects when one that is ours ended without being asked to. */
  readonly lost: Promise<never>
  /** Of the services that are ours, backends included, at this moment. */
  processes(): { name: string; pid: number }[]
  /** Only differences mean something. null without a store that tells. */
  walBytes(): Promise<number | null>
  /** Settings of our own servers that differ from their makers' defaults. */
  readonly settings: readonly (Setting & { readonly service: ServiceNeed })[]
}

interface StartOptions {
  readonly needs: readonly ServiceNeed[]
  /** For logs; made if absent. */
  readonly folder: string
  readonly guard: Guard
  /** Databases that Temporal needs start with it. */
  readonly prefix: string
  readonly addresses: Addresses
  readonly onProgress: (text: string) => void
}

/** Could the service be had here? Starts nothing and builds nothing; why not, and what to do, is for people to read. */
export async function availability(need: ServiceNeed, addresses: Addresses): Promise<Availability> {
  try {
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
  const go = await findGo()
  if (!go.ok) return go
  const store = await postgresAvailability(addresses)
  return store.ok ? { ok: true, provider: `Temporal ${serverVersion} built with Go ${go.version}, on ${store.provider}` } : store
}

/** Starts what is needed, each on fresh data, and waits until it is ready. */
export async function startServices({ needs, folder, guard, prefix, addresses, onProgress }: StartOptions): Promise<RunningServices> {
  await mkdir(folder, { recursive: true })
  await using stack = new AsyncDisposableStack()
  const ownTemporal = needs.includes('temporal') && addresses.temporal === undefined
  // Before the store, which would only idle through a build of minutes.
  const binaries = ownTemporal ? await temporalBinaries({ folder, guard, onProgress }) : null

  let store: RunningPostgres | null = null
  let postgresUrl: string | null = null
  if (needs.includes('postgres') || ownTemporal) {
    onProgress(addresses.postgres === undefined ? 'starting Postgres' : 'checking Postgres')
    if (addresses.postgres === undefined) store = stack.use(await startPostgres({ folder, guard }))
    postgresUrl = store?.url ?? (await checkPostgres(addresses.postgres!)).url
  }

  let server: RunningTemporal | null = null
  let temporalAddress: string | null = null
  if (binaries !== null) {
    onProgress("starting Temporal's server")
    server = await onOwnDatabases(stack, { binaries, postgresUrl: postgresUrl!, prefix, folder, guard, ownStore: store !== null })
    temporalAddress = server.address
  } else if (needs.includes('temporal')) {
    await checkTemporal(addresses.temporal!)
    temporalAddress = addresses.temporal!
  }

  const started = stack.move()
  const lost = Promise.race([store, server].flatMap((own) => (own === null ? [] : [own.lost])))
  lost.catch(() => undefined)
  return {
    postgresUrl, temporalAddress, store, server,
    lost,
    processes: () => [
      ...(store?.pids() ?? []).map((pid) => ({ name: 'postgres', pid })),
      ...(server?.pids() ?? []).map((pid) => ({ name: 'temporal-server', pid })),
    ],
    walBytes: async () => (postgresUrl === null ? null : walBytes(postgresUrl).catch(() => null)),
    settings: [
      ...(store === null ? [] : [...initdbSettings, ...postgresSettings].map((setting) => ({ ...setting, service: 'postgres' as const }))),
      ...(server?.settings ?? []).map((setting) => ({ ...setting, service: 'temporal' as const })),
    ],
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  }
}

interface TemporalParts {
  readonly binaries: Binaries
  readonly postgresUrl: string
  /** The store is ours and thrown away whole, so its databases need no dropping. */
  readonly ownStore: boolean
  readonly prefix: string
  readonly folder: string
  readonly guard: Guard
}

async function onOwnDatabases(stack: AsyncDisposableStack, { ownStore, ...parts }: TemporalParts): Promise<RunningTemporal> {
  const databases = await createDatabases({
    ...parts,
    sqlTool: parts.binaries.sqlTool,
    onCreated: (database) => {
      if (!ownStore) stack.defer(() => dropDatabase(parts.postgresUrl, database))
    },
  })
  return stack.use(await startTemporal({ ...parts, databases }))
}
