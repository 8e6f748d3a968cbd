// A Postgres of our own: a fresh cluster on loopback with a random password. `postgres` itself is spawned, not pg_ctl, so that the
// postmaster's pid and exit are ours.
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Guard } from '../../processes/guard.ts'
import { leasePorts } from '../../processes/ports.ts'
import { spawnOwned } from '../../processes/spawn.ts'
import { postgresIn } from '../../processes/table.ts'
import type { Controlled } from '../controlled.ts'
import { control } from '../controlled.ts'
import { PortTaken } from '../error.ts'
import { query, walBytes } from './query.ts'
import { postgresSettings } from './settings.ts'
import { template } from './template.ts'

const ATTEMPTS = 5
const STOP_GRACE_MS = 5_000

export interface RunningPostgres extends Controlled, AsyncDisposable {
  readonly role: 'store'
  readonly url: string
  /** pg_postmaster_start_time: another one after each restart of the postmaster. */
  startTime(): Promise<string>
  /** kill -9 and start. */
  restart(): Promise<void>
  /** Since the start of this cluster. */
  walBytes(): Promise<number>
}

interface ServerOptions {
  /** For its log. */
  readonly folder: string
  readonly guard: Guard
  readonly lease?: typeof leasePorts
}

/** Starts it on a fresh data folder, which its disposal removes. */
export async function startPostgres({ folder, guard, lease: takePorts = leasePorts }: ServerOptions): Promise<RunningPostgres> {
  const { binaries, account, password, copy } = await template(guard, folder)
  const data = await copy()

  const own = { bareEnv: true, env: { LC_ALL: 'C' }, cwd: data, logFile: join(folder, 'postgres.log'), guard, ...(account === null ? {} : { user: account }) }

  async function removeData(): Promise<void> {
    // A killed postmaster leaves its pid file and its shared memory; a start that ends at once removes the memory.
    if (existsSync(join(data, 'postmaster.pid'))) await spawnOwned({ ...own, argv: [binaries.postgres, '--check', '-D', data] }).exited
    await rm(data, { recursive: true, force: true })
  }

  async function onFreePort(attempt: number): Promise<RunningPostgres> {
    const lease = await takePorts(1)
    const port = lease.ports[0]!
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
    const startTime = async () => String((await query(url, 'select pg_postmaster_start_time()::text as at'))[0]!['at'])
    const server = control({
      role: 'store',
      name: 'postgres',
      spawn: () => spawnOwned({
        ...own,
        argv: [binaries.postgres, '-D', data, '-c', `port=${port}`, ...postgresSettings.flatMap(({ name, value }) => ['-c', `${name}=${value}`])],
        kind: 'postgres',
      }),
      probe: async () => void (await query(url, 'select 1')),
      proof: startTime,
      strays: (table) => postgresIn(data, table),
    })
    try {
      await server.start()
    } catch (error) {
      await lease.release()
      if (error instanceof PortTaken && attempt < ATTEMPTS) return onFreePort(attempt + 1)
      await removeData()
      throw error
    }
    const atStart = await walBytes(url)
    return {
      ...server,
      role: 'store',
      url, startTime,
      walBytes: async () => (await walBytes(url)) - atStart,
      async restart() {
        await server.kill()
        await server.start()
      },
      async [Symbol.asyncDispose]() {
        // Immediate: a checkpoint would be for data that is thrown away.
        await server.stop('SIGQUIT', STOP_GRACE_MS)
        await removeData()
        await lease.release()
      },
    }
  }
  return onFreePort(1)
}
