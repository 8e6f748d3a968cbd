// Temporal's dev server on a database file, for a machine with neither Go nor containers: the real engine on SQLite, in one process.
// Not what its users run in production, so its rates are no headline; what it loses or does twice is judged like any other's.
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Guard } from '../../processes/guard.ts'
import { leasePorts } from '../../processes/ports.ts'
import { spawnOwned } from '../../processes/spawn.ts'
import { processRow } from '../../processes/table.ts'
import { processes } from '../body.ts'
import { control, type ControlledServer } from '../controlled.ts'
import { PortTaken, ServiceError } from '../error.ts'
import type { DevProgram } from './dev-program.ts'
import { checkHealth, versionOf } from './rpc.ts'
import type { RunningTemporal } from './server.ts'
import { variantSettings, devServerSettings } from './settings.ts'

const ATTEMPTS = 5

interface DevServerOptions {
  readonly program: DevProgram
  readonly folder: string
  readonly guard: Guard
  readonly dynamicConfig: Readonly<Record<string, string>>
}

interface DevServerPlace {
  readonly port: number
  readonly httpPort: number
  readonly metricsPort: number
  readonly database: string
}

/** Ready means: it serves, and is the version that its program claims to be. */
export async function startDevServer(options: DevServerOptions): Promise<RunningTemporal> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await onFreePorts(options)
    } catch (error) {
      if (!(error instanceof PortTaken) || attempt === ATTEMPTS) throw error
    }
  }
}

async function onFreePorts({ program, folder, guard, dynamicConfig }: DevServerOptions): Promise<RunningTemporal> {
  await using stack = new AsyncDisposableStack()
  const { ports, release } = await leasePorts(3)
  stack.defer(release)
  const [port, httpPort, metricsPort] = ports as [number, number, number]
  const data = guard.makeFolder(join(tmpdir(), 'durabench-temporal-'))
  stack.defer(async () => {
    await rm(data, { recursive: true, force: true })
    guard.untrackPath(data)
  })
  const address = `127.0.0.1:${port}`
  const probe = (): Promise<void> => checkHealth(address)
  const server: ControlledServer = control({
    role: 'engine-server',
    name: "Temporal's dev server",
    // A home of its own: profiles of the user's would configure it.
    spawn: () => processes(spawnOwned({ argv: [program.program, ...devServerArguments({ port, httpPort, metricsPort, database: join(data, 'temporal.sqlite') }, dynamicConfig)], bareEnv: true, env: { HOME: data, PATH: process.env['PATH'] ?? '' }, cwd: data, logFile: join(folder, 'temporal-dev-server.log'), guard }), "Temporal's dev server"),
    probe,
    proof: async () => {
      await probe()
      return server.pids().map((pid) => `pid ${pid} started at kernel tick ${processRow(pid)?.startTicks}`).join(', ')
    },
  })
  stack.defer(() => server.kill())
  await server.start()
  const found = await versionOf(address)
  if (program.server !== found) throw new ServiceError({ expected: `${program.origin} to serve Temporal ${program.server}`, found: `version '${found}'`, todo: "install Temporal's own CLI" })
  const started = stack.move()
  return {
    ...server,
    role: 'engine-server',
    address,
    parts: new Map(),
    settings: [...devServerSettings, ...variantSettings(dynamicConfig)],
    async restart() {
      await server.kill()
      await server.start()
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  }
}

/** Loopback only, without its page, on ports that stay the same over a restart. */
function devServerArguments({ port, httpPort, metricsPort, database }: DevServerPlace, dynamicConfig: Readonly<Record<string, string>>): string[] {
  return [
    'server', 'start-dev', '--ip', '127.0.0.1', '--port', `${port}`, '--http-port', `${httpPort}`, '--metrics-port', `${metricsPort}`,
    '--db-filename', database, '--headless', '--namespace', 'default', '--log-level', 'warn',
    ...Object.entries(dynamicConfig).flatMap(([name, value]) => ['--dynamic-config-value', `${name}=${JSON.stringify(value)}`]),
  ]
}
