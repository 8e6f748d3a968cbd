// Temporal in containers: its admin tools make the databases, its server serves on a port of 127.0.0.1 that stays its own, as one container or,
// for a plan that hurts one of its services, as one for each.
import { join } from 'node:path'
import type { ServerPart } from '../../contract/plan.ts'
import { leasePorts } from '../../processes/ports.ts'
import { control, type ControlledServer } from '../controlled.ts'
import { PortTaken } from '../error.ts'
import { serverParts } from '../temporal/places.ts'
import { checkHealth, checkPort, registerDefaultNamespace } from '../temporal/rpc.ts'
import type { Databases, SqlTool } from '../temporal/schema.ts'
import type { RunningTemporal } from '../temporal/server.ts'
import { splitSetting, temporalSettings, variantSettings } from '../temporal/settings.ts'
import { together } from '../together.ts'
import { serviceContainer } from './container.ts'
import type { Engine } from './engine.ts'
import { insideOf } from './inside.ts'

const ATTEMPTS = 5
const PORT = 7233
/** Where the others listen; the worker service serves no calls, so there it is where its peers find it. */
const PARTS: Readonly<Record<ServerPart, number>> = { frontend: PORT, history: 7234, matching: 7235, worker: 6939 }
const CONFIG = '/etc/temporal/config/dynamicconfig/durabench.yaml'

/** Temporal's SQL tool, in a container that lives until it is disposed. */
export async function containerSqlTool(engine: Engine, folder: string): Promise<{ readonly tool: SqlTool } & AsyncDisposable> {
  const tools = serviceContainer(engine, { name: engine.name('temporal-tools'), image: 'temporal-tools', entrypoint: ['sleep', 'infinity'], env: {}, ports: [], logFile: join(folder, 'temporal-tools.log') })
  await tools.run()
  return {
    async tool(env, args) {
      const [host, port] = insideOf(engine, `${env['SQL_HOST']}:${env['SQL_PORT']}`).split(':') as [string, string]
      const { exitCode, output } = await tools.exec(['temporal-sql-tool', ...args], { ...env, SQL_HOST: host, SQL_PORT: port })
      return { code: exitCode, lastLines: output.trimEnd().split('\n').slice(-5).join('\n') }
    },
    [Symbol.asyncDispose]: () => tools.remove(),
  }
}

interface ServerOptions {
  readonly databases: Databases
  readonly postgresUrl: string
  readonly folder: string
  readonly split: boolean
  readonly dynamicConfig: Readonly<Record<string, string>>
}

export async function startTemporal(engine: Engine, options: ServerOptions, attempt = 1): Promise<RunningTemporal> {
  const { split, dynamicConfig } = options
  await using stack = new AsyncDisposableStack()
  const { ports: [port], release } = await leasePorts(1)
  stack.defer(release)
  const address = `127.0.0.1:${port}`
  const frontend = engine.name('temporal')

  function made(part: ServerPart, log: string): ControlledServer {
    const serves = part === 'frontend'
    const name = serves ? frontend : engine.name(log)
    const container = serviceContainer(engine, {
      name, image: 'temporal',
      // The server wants the address that others of it can reach; only the container knows it.
      entrypoint: ['sh', '-c', 'BIND_ON_IP=$(hostname -i | cut -d" " -f1) exec temporal-server start "$@"', 'temporal-server'],
      command: split ? ['--service', part] : [],
      env: { ...variables(engine, options), PUBLIC_FRONTEND_ADDRESS: `${frontend}:${PORT}` },
      ports: serves ? [{ container: PORT, host: port! }] : [],
      files: [{ content: configOf(dynamicConfig), target: CONFIG }],
      logFile: join(options.folder, `${log}.log`),
    })
    stack.defer(() => container.remove())
    const probe = async (): Promise<void> => (serves ? checkHealth(address) : checkPort(PARTS[part], (await container.state()).address))
    return control({
      role: 'engine-server', name: log, probe,
      spawn: () => container.run(),
      // The server tells no start time of its own: that it serves on a port that is ours, and when the engine started the only container behind it, comes to the same.
      async proof() {
        await probe()
        return `${name} started at ${(await container.state()).startedAt}`
      },
    })
  }

  const parts = new Map<ServerPart, ControlledServer>()
  if (split) for (const part of serverParts) parts.set(part, made(part, `temporal-${part}`))
  const server = split ? together([...parts.values()]) : made('frontend', 'temporal')
  try {
    await server.start()
    await registerDefaultNamespace(address)
  } catch (error) {
    if (!(error instanceof PortTaken) || attempt === ATTEMPTS) throw error
    return startTemporal(engine, options, attempt + 1)
  }
  stack.defer(() => server.kill())
  const started = stack.move()
  return {
    ...server,
    role: 'engine-server',
    address, parts,
    settings: [...temporalSettings.filter(({ name }) => name !== 'PROMETHEUS_ENDPOINT'), ...(split ? [splitSetting] : []), ...variantSettings(dynamicConfig)],
    async restart() {
      await server.kill()
      await server.start()
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  }
}

function variables(engine: Engine, { databases: { main, visibility }, postgresUrl }: ServerOptions): Record<string, string> {
  const { hostname, port, username, password } = new URL(postgresUrl)
  const [host, inside] = insideOf(engine, `${hostname}:${port || '5432'}`).split(':') as [string, string]
  return {
    DB: 'postgres12_pgx', POSTGRES_SEEDS: host, DB_PORT: inside,
    POSTGRES_USER: decodeURIComponent(username), POSTGRES_PWD: decodeURIComponent(password), DBNAME: main, VISIBILITY_DBNAME: visibility,
    DYNAMIC_CONFIG_FILE_PATH: CONFIG, LOG_LEVEL: 'warn',
  }
}

/** JSON is YAML. */
function configOf(changed: Readonly<Record<string, string>>): string {
  return `${JSON.stringify(Object.fromEntries(Object.entries(changed).map(([name, value]) => [name, [{ value }]])))}\n`
}
