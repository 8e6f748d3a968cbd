// Services that several points use at once: started for the first that asks, ended with the run. Each point gets a database of
// its own in the store; a server keeps points apart by namespace. Only for points that hurt neither: their faults find no service.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { ServiceNeed } from '../contract/driver.ts'
import type { Guard } from '../processes/guard.ts'
import { startServices, type Addresses, type RunningServices } from '../services/index.ts'

export class SharedServices implements AsyncDisposable {
  readonly #folder: string
  readonly #guard: Guard
  readonly #addresses: Addresses
  readonly #prefix = `durabench_${process.pid}_shared`
  readonly #started = new AsyncDisposableStack()
  #store: Promise<RunningServices> | null = null
  #server: Promise<RunningServices> | null = null
  #databases = 0

  constructor(folder: string, guard: Guard, addresses: Addresses) {
    this.#folder = join(folder, 'services')
    this.#guard = guard
    this.#addresses = addresses
  }

  /** What a point of that need is to use, as if somebody else ran it; a database is dropped when the point is over. */
  async for(needs: readonly ServiceNeed[], onProgress: (text: string) => void): Promise<Addresses & AsyncDisposable> {
    const { postgresUrl } = await (this.#store ??= this.#start(['postgres'], this.#addresses, onProgress))
    const server = needs.includes('temporal') ? await (this.#server ??= this.#start(['temporal'], { ...this.#addresses, postgres: postgresUrl! }, onProgress)) : null
    // In a server of our own, which is thrown away whole, nothing needs to be dropped.
    const drops = this.#addresses.postgres !== undefined
    const name = `${this.#prefix}_${++this.#databases}`
    await once(postgresUrl!, `CREATE DATABASE ${name}`)
    const database = new URL(postgresUrl!)
    database.pathname = `/${name}`
    return {
      postgres: database.href,
      ...(server === null ? {} : { temporal: server.temporalAddress! }),
      [Symbol.asyncDispose]: () => (drops ? once(postgresUrl!, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) : Promise.resolve()),
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#started.disposeAsync()
  }

  async #start(needs: readonly ServiceNeed[], addresses: Addresses, onProgress: (text: string) => void): Promise<RunningServices> {
    await mkdir(this.#folder, { recursive: true })
    const services = await startServices({ needs, folder: this.#folder, guard: this.#guard, prefix: this.#prefix, addresses, onProgress })
    services.lost.catch(() => undefined) // Points that use it break by themselves, each with what it met.
    return this.#started.use(services)
  }
}

async function once(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
