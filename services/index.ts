// Read me first. What must be running for a driver, and how to get it: a server of our own that chaos may kill, or an external
// address that nobody here touches. Whatever was started is disposed in reverse order, through one handle.
import { mkdir } from 'node:fs/promises'
import type { ExternalTemporal, ServiceNeed } from '../contract/driver.ts'
import type { Json } from '../contract/json.ts'
import type { LinkName, ServiceProvider, StoreGround } from '../contract/plan.ts'
import { connecting } from '../drivers/temporal/access.ts'
import type { Guard } from '../processes/guard.ts'
import { availability } from './availability.ts'
import type { Controlled } from './controlled.ts'
import type { Containers } from './docker/index.ts'
import type * as InContainers from './docker/index.ts'
import { ServiceError } from './error.ts'
import { openLinks, type Links } from './links.ts'
import { checkPostgres } from './postgres/external.ts'
import { dropDatabase, guestDatabase } from './postgres/guest.ts'
import { walBytes } from './postgres/query.ts'
import { tlsOf } from './postgres/outside.ts'
import { startPostgres } from './postgres/server.ts'
import type { RunningPostgres } from './postgres/server.ts'
import type { Setting } from './postgres/settings.ts'
import { initdbSettings, postgresSettings } from './postgres/settings.ts'
import { candidatesFor, choose, type Addresses, type Candidate, type Provider, type ServiceName } from './providers.ts'
import { temporalBinaries } from './temporal/build.ts'
import { devProgram } from './temporal/dev-program.ts'
import { startDevServer } from './temporal/dev-server.ts'
import { checkTemporal } from './temporal/external.ts'
import { createDatabases, ownSqlTool, type Databases, type SqlTool } from './temporal/schema.ts'
import type { RunningTemporal } from './temporal/server.ts'
import { startTemporal } from './temporal/server.ts'

export type { Addresses, Candidate, Containers, Controlled }
export { availability, candidatesFor, ServiceError }

export interface RunningServices extends AsyncDisposable {
  readonly postgresUrl: string | null
  readonly temporalAddress: string | null
  /** null: a server of our own, or none. */
  readonly temporalExternal: ExternalTemporal | null
  /** The same, as workers and apps reach them: through a proxy where one stands. */
  readonly reached: { readonly byWorkers: Reached; readonly byApps: Pick<Reached, 'temporalAddress'> }
  readonly links: Pick<Links, 'proxied' | 'lacks'>
  /** Where workers live; null: they are processes of this machine. */
  readonly containers: Containers | null
  /** null: external, or not needed; no fault can reach it. */
  readonly store: RunningPostgres | null
  readonly server: RunningTemporal | null
  /** Rejects when one that is ours ended without being asked to. */
  readonly lost: Promise<never>
  /** Of the services that are ours, backends included, at this moment. */
  processes(): { name: string; pid: number }[]
  /** Only differences mean something. null without a store that tells. */
  walBytes(): Promise<number | null>
  /** Settings of our own servers that differ from their makers' defaults. */
  readonly settings: readonly (Setting & { readonly service: ServiceNeed })[]
}

/** Not before a run needs them: Testcontainers takes a while to load. */
function loadContainers(): Promise<typeof InContainers> {
  return import('./docker/index.ts')
}

/** What made this run's containers; null: it made none. */
export async function servedBy(guard: Guard, provider: ServiceProvider): Promise<Json> {
  return provider === 'docker' ? (await loadContainers()).servedBy(guard) : null
}

interface Reached {
  readonly postgresUrl: string | null
  readonly temporalAddress: string | null
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
  /** What a store of our own stands on. */
  readonly ground?: StoreGround
  /** Each service of Temporal's server in a process of its own. */
  readonly split?: boolean
  /** Settings of a Temporal server of our own that are not its makers', by their names in its dynamic config. */
  readonly dynamicConfig?: Readonly<Record<string, string>>
  /** Links that are to go through a Toxiproxy. */
  readonly proxied?: readonly LinkName[]
  /** What our own run in; left out: processes of this machine. */
  readonly provider?: ServiceProvider
}

/** Starts what is needed, each on fresh data, and waits until it is ready. */
export async function startServices({ needs, folder, guard, prefix, addresses, onProgress, ground = {}, split = false, dynamicConfig = {}, proxied = [], provider = 'embedded' }: StartOptions): Promise<RunningServices> {
  await mkdir(folder, { recursive: true })
  await using stack = new AsyncDisposableStack()
  const temporal = needs.includes('temporal') ? await providerOf('temporal', addresses, provider) : null
  const ownTemporal = temporal === 'go' || temporal === 'docker'
  // Containers don't reach what listens on loopback, so a server in one brings its store along.
  const postgres = needs.includes('postgres') || ownTemporal ? await providerOf('postgres', addresses, temporal === 'docker' ? 'docker' : provider) : null
  const docker = [provider, temporal, postgres].includes('docker') ? await loadContainers() : null
  const engine = docker && (await docker.openEngine(guard))
  // Before the store, which would only idle through a build of minutes, or a download.
  const binaries = temporal === 'go' ? await temporalBinaries({ folder, guard, onProgress }) : null
  const dev = temporal === 'dev-server' ? await devProgram(onProgress) : null

  let store: RunningPostgres | null = null
  let postgresUrl: string | null = null
  if (postgres !== null) {
    onProgress(addresses.postgres === undefined ? 'starting Postgres' : 'checking Postgres')
    if (postgres !== 'address') store = stack.use(await (docker && engine ? docker.startPostgres(engine, folder) : startPostgres({ folder, guard, ground })))
    postgresUrl = store?.url ?? (await checkPostgres(addresses.postgres!)).url
    if (store === null && needs.includes('postgres')) postgresUrl = stack.use(await guestDatabase(postgresUrl, prefix)).url
  }

  // A certificate names the server, not a proxy before it.
  const storeHasTls = postgresUrl !== null && tlsOf(postgresUrl) !== null
  const engineHasTls = temporal === 'address' && connecting('environment').tls !== false
  const wanted = proxied.filter((link) => !(link.endsWith('-store') ? storeHasTls : engineHasTls))
  const links = stack.use(await openLinks({ wanted, folder, guard, prefix, address: addresses.toxiproxy, onProgress, ...(docker && engine ? { place: docker.toxiproxyPlace(engine, folder) } : {}) }))
  const throughUrl = async (link: LinkName, url: string): Promise<string> => withAddress(url, await links.through(link, addressOf(url), 'postgres'))

  let server: RunningTemporal | null = null
  let temporalAddress: string | null = null
  if (ownTemporal) {
    onProgress("starting Temporal's server")
    const parts = { postgresUrl: postgresUrl!, prefix, ownStore: store !== null }
    const options = { postgresUrl: await throughUrl('engine-store', postgresUrl!), folder, split, dynamicConfig }
    if (binaries !== null) {
      const databases = await ownDatabases(stack, { ...parts, tool: ownSqlTool(binaries.sqlTool, folder, guard) })
      server = stack.use(await startTemporal({ ...options, databases, binaries, guard }))
    } else {
      await using sql = await docker!.containerSqlTool(engine!, folder)
      const databases = await ownDatabases(stack, { ...parts, tool: sql.tool })
      server = stack.use(await docker!.startTemporal(engine!, { ...options, databases }))
    }
    temporalAddress = server.address
  } else if (dev !== null) {
    onProgress("starting Temporal's dev server")
    server = stack.use(await startDevServer({ program: dev, folder, guard, dynamicConfig }))
    temporalAddress = server.address
  } else if (temporal === 'address') {
    await checkTemporal(addresses.temporal!, addresses.temporalNamespace)
    temporalAddress = addresses.temporal!
  }

  const reached = {
    byWorkers: {
      postgresUrl: postgresUrl && (await throughUrl('worker-store', postgresUrl)),
      temporalAddress: temporalAddress && (await links.through('worker-engine', temporalAddress, 'grpc')),
    },
    byApps: { temporalAddress: temporalAddress && (await links.through('app-engine', temporalAddress, 'grpc')) },
  }

  const started = stack.move()
  const lost = Promise.race([store, server].flatMap((own) => (own === null ? [] : [own.lost])))
  lost.catch(() => undefined)
  return {
    postgresUrl, temporalAddress, reached, links,
    temporalExternal: temporal === 'address' ? { namespace: addresses.temporalNamespace ?? null } : null, store, server,
    containers: provider === 'docker' && docker && engine ? docker.containersOf(engine) : null,
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

async function providerOf(service: ServiceName, addresses: Addresses, services: ServiceProvider): Promise<Provider['name']> {
  const { provider, found } = await choose(service, addresses, services)
  if (provider !== null) return provider
  throw new ServiceError({ expected: `${service} to be had`, found: found.why, todo: found.how })
}

interface DatabaseParts {
  readonly tool: SqlTool
  readonly postgresUrl: string
  /** The store is ours and thrown away whole, so its databases need no dropping. */
  readonly ownStore: boolean
  readonly prefix: string
}

async function ownDatabases(stack: AsyncDisposableStack, { ownStore, ...parts }: DatabaseParts): Promise<Databases> {
  return createDatabases({
    ...parts,
    onCreated: (database) => {
      if (!ownStore) stack.defer(() => dropDatabase(parts.postgresUrl, database))
    },
  })
}

function addressOf(url: string): string {
  const { hostname, port } = new URL(url)
  return `${hostname}:${port || '5432'}`
}

function withAddress(url: string, address: string): string {
  const at = new URL(url)
  at.host = address
  return at.href
}
