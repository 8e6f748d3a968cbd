// A real Temporal server: all four services in one process, on the Postgres that the other engines use, loopback only.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Guard } from '../../processes/guard.ts'
import { leasePorts } from '../../processes/ports.ts'
import { spawnOwned } from '../../processes/spawn.ts'
import { processRow } from '../../processes/table.ts'
import type { Controlled } from '../controlled.ts'
import { control } from '../controlled.ts'
import { PortTaken } from '../error.ts'
import type { Setting } from '../postgres/settings.ts'
import type { Binaries } from './build.ts'
import { checkHealth, registerDefaultNamespace } from './rpc.ts'
import type { Databases } from './schema.ts'
import { temporalSettings } from './settings.ts'

const ATTEMPTS = 5
const SERVICES = ['FRONTEND', 'HISTORY', 'MATCHING', 'WORKER'] as const

export interface RunningTemporal extends Controlled, AsyncDisposable {
  readonly role: 'engine-server'
  /** host:port of the frontend. */
  readonly address: string
  /** kill -9 and start. */
  restart(): Promise<void>
  readonly settings: readonly Setting[]
}

interface ServerOptions {
  readonly binaries: Binaries
  readonly databases: Databases
  readonly postgresUrl: string
  readonly folder: string
  readonly guard: Guard
  readonly lease?: typeof leasePorts
}

/** Ready means: its frontend serves, and the namespace `default` is registered. */
export async function startTemporal({ binaries, databases, postgresUrl, folder, guard, lease: takePorts = leasePorts }: ServerOptions): Promise<RunningTemporal> {
  const dynamicConfig = join(folder, 'temporal-dynamic-config.yaml')
  await writeFile(dynamicConfig, '{}\n')

  async function onFreePorts(attempt: number): Promise<RunningTemporal> {
    const lease = await takePorts(2 * SERVICES.length + 2)
    const [http, prometheus, ...rpc] = lease.ports as [number, number, ...number[]]
    const address = `127.0.0.1:${rpc[0]}`
    const env = {
      ...databaseVariables(postgresUrl, databases),
      ...Object.fromEntries(SERVICES.flatMap((service, i) => [[`${service}_GRPC_PORT`, `${rpc[2 * i]}`], [`${service}_MEMBERSHIP_PORT`, `${rpc[2 * i + 1]}`]])),
      BIND_ON_IP: '127.0.0.1', FRONTEND_HTTP_PORT: `${http}`, PROMETHEUS_ENDPOINT: `127.0.0.1:${prometheus}`,
      DYNAMIC_CONFIG_FILE_PATH: dynamicConfig, LOG_LEVEL: 'warn',
    }
    const server = control({
      role: 'engine-server',
      name: 'temporal-server',
      spawn: () => spawnOwned({ argv: [binaries.server, 'start'], bareEnv: true, env, cwd: folder, logFile: join(folder, 'temporal.log'), guard }),
      probe: () => checkHealth(address),
      // The server tells no start time of its own. That it serves on a port that is ours, and when the kernel started the only process
      // that may hold that port, comes to the same.
      proof: async () => {
        await checkHealth(address)
        return server.pids().map((pid) => `pid ${pid} started at kernel tick ${processRow(pid)?.startTicks}`).join(', ')
      },
    })
    try {
      await server.start()
      await registerDefaultNamespace(address)
    } catch (error) {
      await server.kill()
      await lease.release()
      if (error instanceof PortTaken && attempt < ATTEMPTS) return onFreePorts(attempt + 1)
      throw error
    }
    return {
      ...server,
      role: 'engine-server',
      address,
      settings: temporalSettings,
      async restart() {
        await server.kill()
        await server.start()
      },
      async [Symbol.asyncDispose]() {
        await server.kill()
        await lease.release()
      },
    }
  }
  return onFreePorts(1)
}

function databaseVariables(postgresUrl: string, { main, visibility }: Databases): Record<string, string> {
  const { hostname, port, username, password } = new URL(postgresUrl)
  return {
    DB: 'postgres12_pgx', POSTGRES_SEEDS: hostname, DB_PORT: port || '5432',
    POSTGRES_USER: decodeURIComponent(username), POSTGRES_PWD: decodeURIComponent(password), DBNAME: main, VISIBILITY_DBNAME: visibility,
  }
}
