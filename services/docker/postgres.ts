// Postgres in a container, with a random password, on a port of 127.0.0.1 that stays its own: the same handle as one of npm's programs gives.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { existsSync, statSync } from 'node:fs'
import { LogTail } from '../../processes/log-tail.ts'
import { leasePorts } from '../../processes/ports.ts'
import { control } from '../controlled.ts'
import { PortTaken } from '../error.ts'
import { query, walBytes } from '../postgres/query.ts'
import type { RunningPostgres } from '../postgres/server.ts'
import type { Setting } from '../postgres/settings.ts'
import { serviceContainer } from './container.ts'
import type { Engine } from './engine.ts'

const ATTEMPTS = 5
const PORT = 5432
/** Docker's 64 MB are too few for queries in parallel. */
const sharedMemoryBytes = 256 * 2 ** 20
const INITDB = '--encoding=UTF8 --locale=C'

export const containerPostgresSettings: readonly Setting[] = [
  { name: 'max_connections', value: '300', why: 'engines bring pools of their own, several times the default of 100 with two workers, an app and a server' },
  { name: 'POSTGRES_INITDB_ARGS', value: INITDB, why: 'the encoding that every engine expects, and the same order of text on every host' },
  { name: 'shm-size', value: '256 MB', why: "a container's default of 64 MB is too little for queries in parallel" },
]

export async function startPostgres(engine: Engine, folder: string): Promise<RunningPostgres> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(engine, folder)
    } catch (error) {
      if (!(error instanceof PortTaken) || attempt === ATTEMPTS) throw error
    }
  }
}

async function start(engine: Engine, folder: string): Promise<RunningPostgres> {
  await using stack = new AsyncDisposableStack()
  const { ports: [port], release } = await leasePorts(1)
  stack.defer(release)
  const password = randomBytes(24).toString('base64url')
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres?sslmode=disable`
  const logFile = join(folder, 'postgres.log')
  const container = serviceContainer(engine, {
    name: engine.name('postgres'), image: 'postgres', logFile, sharedMemoryBytes,
    env: { POSTGRES_PASSWORD: password, POSTGRES_INITDB_ARGS: INITDB },
    command: ['postgres', '-c', 'max_connections=300'],
    ports: [{ container: PORT, host: port! }],
  })
  stack.defer(() => container.remove())
  const startTime = async (): Promise<string> => String((await query(url, 'select pg_postmaster_start_time()::text as at'))[0]!['at'])
  const server = control({ role: 'store', name: 'postgres', spawn: () => container.run(), probe: async () => void (await query(url, 'select 1')), proof: startTime })
  await server.start()
  const atStart = await walBytes(url)
  stack.defer(() => server.kill())
  const started = stack.move()
  return {
    ...server,
    role: 'store',
    url, startTime,
    folder: null, disk: null, shim: null, pair: null,
    tail: () => new LogTail(logFile, existsSync(logFile) ? statSync(logFile).size : 0),
    walBytes: async () => (await walBytes(url)) - atStart,
    async restart() {
      await server.kill()
      await server.start()
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  }
}
