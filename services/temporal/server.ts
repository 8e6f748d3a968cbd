// A real Temporal server on the Postgres that the other engines use, loopback only: all its services in one process, or, for a plan that
// hurts one of them, each in its own, on ports that stay the same.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ServerPart } from '../../contract/plan.ts'
import type { Guard } from '../../processes/guard.ts'
import { leasePorts } from '../../processes/ports.ts'
import { spawnOwned } from '../../processes/spawn.ts'
import { processRow } from '../../processes/table.ts'
import { processes } from '../body.ts'
import type { Controlled, ControlledServer } from '../controlled.ts'
import { control } from '../controlled.ts'
import { PortTaken } from '../error.ts'
import type { Setting } from '../postgres/settings.ts'
import { together } from '../together.ts'
import type { Binaries } from './build.ts'
import { assigned, portsNeeded, serverParts, variables } from './places.ts'
import { checkHealth, checkPort, registerDefaultNamespace } from './rpc.ts'
import type { Databases } from './schema.ts'
import { splitSetting, temporalSettings, variantSettings } from './settings.ts'

const ATTEMPTS = 5

export interface RunningTemporal extends Controlled, AsyncDisposable {
  readonly role: 'engine-server'
  /** host:port of the frontend. */
  readonly address: string
  /** Empty where it runs as one process. */
  readonly parts: ReadonlyMap<ServerPart, Controlled>
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
  readonly split?: boolean
  readonly dynamicConfig?: Readonly<Record<string, string>>
  readonly lease?: typeof leasePorts
}

/** Ready means: its frontend serves, and the namespace `default` is registered. */
export async function startTemporal({ binaries, databases, postgresUrl, folder, guard, split = false, dynamicConfig: changed = {}, lease: takePorts = leasePorts }: ServerOptions): Promise<RunningTemporal> {
  const dynamicConfig = join(folder, 'temporal-dynamic-config.yaml')
  // JSON is YAML.
  await writeFile(dynamicConfig, `${JSON.stringify(Object.fromEntries(Object.entries(changed).map(([name, value]) => [name, [{ value }]])))}\n`)

  async function onFreePorts(attempt: number): Promise<RunningTemporal> {
    const lease = await takePorts(portsNeeded)
    const ports = assigned(lease.ports)
    const address = `127.0.0.1:${ports.of.frontend.rpc}`

    /** The server tells no start time of its own. That it serves on a port that is ours, and when the kernel started the only process that may hold it, comes to the same. */
    function program(part: ServerPart, args: readonly string[], log: string): ControlledServer {
      const { rpc, membership, metrics } = ports.of[part]
      const env = variables(ports, metrics, postgresUrl, databases, dynamicConfig)
      // The worker service serves no calls of its own.
      const probe = (): Promise<void> => (part === 'frontend' ? checkHealth(address) : checkPort(part === 'worker' ? membership : rpc))
      const server: ControlledServer = control({
        role: 'engine-server',
        name: log,
        spawn: () => processes(spawnOwned({ argv: [binaries.server, 'start', ...args], bareEnv: true, env, cwd: folder, logFile: join(folder, `${log}.log`), guard }), log),
        probe,
        proof: async () => {
          await probe()
          return server.pids().map((pid) => `pid ${pid} started at kernel tick ${processRow(pid)?.startTicks}`).join(', ')
        },
      })
      return server
    }

    const parts = new Map(split ? serverParts.map((part) => [part, program(part, ['--service', part], `temporal-${part}`)]) : [])
    const server = split ? together([...parts.values()]) : program('frontend', [], 'temporal')
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
      address, parts,
      settings: [...temporalSettings, ...(split ? [splitSetting] : []), ...variantSettings(changed)],
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
