// Services that several points use at once: started for the first that asks, ended with the run. Each point gets a database of
// its own in the store; a server keeps points apart by namespace. Only for points that hurt neither: their faults find none.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ServiceNeed } from '../contract/driver.ts'
import type { ServiceProvider } from '../contract/plan.ts'
import type { Guard } from '../processes/guard.ts'
import { startServices, type Addresses, type RunningServices } from '../services/index.ts'
import { query } from '../services/postgres/query.ts'
import { choose } from '../services/providers.ts'

/** Making one copies files, and a machine with several lanes is busy. */
const databaseWithinMs = 60_000

export class SharedServices implements AsyncDisposable {
  readonly #folder: string
  readonly #guard: Guard
  readonly #addresses: Addresses
  readonly #provider: ServiceProvider
  readonly #prefix = `durabench_${process.pid}_shared`
  readonly #started = new AsyncDisposableStack()
  #store: Promise<RunningServices> | null = null
  #server: Promise<RunningServices> | null = null
  #databases = 0

  constructor(folder: string, guard: Guard, addresses: Addresses, provider: ServiceProvider) {
    this.#provider = provider
    this.#folder = join(folder, 'services')
    this.#guard = guard
    this.#addresses = addresses
  }

  /** What a point of that need is to use: to it they are external, and nothing of it asks them again whether they are there. */
  async for(needs: readonly ServiceNeed[], onProgress: (text: string) => void): Promise<RunningServices> {
    const store = await (this.#store ??= this.#start(['postgres'], this.#addresses, onProgress))
    const server = needs.includes('temporal') ? await (this.#server ??= this.#startServer(store.postgresUrl!, onProgress)) : null
    const name = `${this.#prefix}_${++this.#databases}`
    await query(store.postgresUrl!, `CREATE DATABASE ${name}`, databaseWithinMs)
    const database = new URL(store.postgresUrl!)
    database.pathname = `/${name}`
    const [postgresUrl, temporalAddress] = [database.href, server?.temporalAddress ?? null]
    const lost = Promise.race([store, server].flatMap((own) => (own === null ? [] : [own.lost])))
    lost.catch(() => undefined)
    // In a server of our own, which is thrown away whole, nothing needs to be dropped.
    const drops = this.#addresses.postgres !== undefined
    return {
      ...store,
      postgresUrl, temporalAddress, lost,
      temporalExternal: server?.temporalExternal ?? null,
      reached: { byWorkers: { postgresUrl, temporalAddress }, byApps: { temporalAddress } },
      store: null, server: null,
      processes: () => [],
      walBytes: () => Promise.resolve(null),
      [Symbol.asyncDispose]: () => (drops ? query(store.postgresUrl!, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`, databaseWithinMs).then(() => undefined) : Promise.resolve()),
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#started.disposeAsync()
  }

  /** On the same store, unless that is out of its reach: it is in a container, since nothing else could serve, and the store is not. */
  async #startServer(postgres: string, onProgress: (text: string) => void): Promise<RunningServices> {
    const { provider } = await choose('temporal', this.#addresses, this.#provider)
    const apart = provider === 'docker' && this.#provider === 'embedded'
    return this.#start(['temporal'], apart ? this.#addresses : { ...this.#addresses, postgres }, onProgress)
  }

  async #start(needs: readonly ServiceNeed[], addresses: Addresses, onProgress: (text: string) => void): Promise<RunningServices> {
    await mkdir(this.#folder, { recursive: true })
    const services = await startServices({ needs, folder: this.#folder, guard: this.#guard, prefix: this.#prefix, addresses, provider: this.#provider, onProgress })
    return this.#started.use(services)
  }
}
