// One cluster's server on a data folder that is there already. `postgres` itself is spawned, not pg_ctl, so that the postmaster's pid
// and exit are ours.
import { existsSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Guard } from '../../processes/guard.ts'
import { LogTail } from '../../processes/log-tail.ts'
import { spawnOwned } from '../../processes/spawn.ts'
import { postgresIn } from '../../processes/table.ts'
import { processes } from '../body.ts'
import type { ControlledServer } from '../controlled.ts'
import { control } from '../controlled.ts'
import { query } from './query.ts'
import { postgresSettings } from './settings.ts'
import type { Template } from './template.ts'

const STOP_GRACE_MS = 5_000

export interface Cluster extends ControlledServer {
  readonly url: string
  /** pg_postmaster_start_time: another one after each restart of the postmaster. */
  startTime(): Promise<string>
  /** Its log from now on. */
  tail(): LogTail
  /** Stops it and removes its data. */
  remove(): Promise<void>
}

interface ClusterOptions {
  readonly template: Template
  readonly data: string
  readonly port: number
  /** Beside those of every server here. */
  readonly settings: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
  readonly logFile: string
  readonly guard: Guard
}

/** Not started yet. */
export function cluster({ template: { binaries, account, password }, data, port, settings, env, logFile, guard }: ClusterOptions): Cluster {
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres?sslmode=disable`
  const own = { bareEnv: true, env: { LC_ALL: 'C', ...env }, cwd: data, logFile, guard, ...(account === null ? {} : { user: account }) }
  const all = [...Object.entries({ port: String(port) }), ...postgresSettings.map(({ name, value }) => [name, value] as const), ...Object.entries(settings)]
  const startTime = async (): Promise<string> => String((await query(url, 'select pg_postmaster_start_time()::text as at'))[0]!['at'])
  const server = control({
    role: 'store',
    name: 'postgres',
    spawn: () => processes(spawnOwned({ ...own, argv: [binaries.postgres, '-D', data, ...all.flatMap(([name, value]) => ['-c', `${name}=${value}`])], kind: 'postgres' }), 'postgres', (table) => postgresIn(data, table)),
    probe: async () => void (await query(url, 'select 1')),
    proof: startTime,
  })
  return {
    ...server,
    url, startTime,
    tail: () => new LogTail(logFile, existsSync(logFile) ? statSync(logFile).size : 0),
    async remove() {
      // Immediate: a checkpoint would be for data that is thrown away.
      await server.stop('SIGQUIT', STOP_GRACE_MS)
      // A killed postmaster leaves its pid file and its shared memory; a start that ends at once removes the memory.
      if (existsSync(join(data, 'postmaster.pid'))) await spawnOwned({ ...own, argv: [binaries.postgres, '--check', '-D', data] }).exited
      await rm(data, { recursive: true, force: true })
    },
  }
}
