// How a worker or app process is spawned, here or in a container: worker/main.ts with its settings in the environment.
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { moduleBeside } from '../contract/beside.ts'
import type { WorkerSlot, WorkerSpec } from '../contract/driver.ts'
import type { Role } from '../contract/logs.ts'
import type { Guard } from '../processes/guard.ts'
import { TOKEN_VARIABLE } from '../processes/guard-protocol.ts'
import { spawnOwned, type OwnedProcess } from '../processes/spawn.ts'
import type { ContainerWorker } from '../services/docker/index.ts'
import type { Shim } from '../services/ground/shim.ts'
import type { Containers } from '../services/index.ts'
import type { PointNetwork } from './network.ts'
import { settingsVariable, type WorkerSettings } from '../worker/settings.ts'

/** What all workers of a point share. */
export interface WorkerPlace {
  readonly folder: string
  /** A short path: a socket's may not exceed some 100 bytes. */
  readonly socketFolder: string
  readonly worldUrl: string
  readonly bareLedger: 'on' | 'off'
  readonly runId: string
  readonly failpoints: string | null
  socket(role: Role, index: number): string
  /** Workers live in one of their own each, where the plan hurts it. */
  readonly network: Pick<PointNetwork, 'inside' | 'joined'>
  /** null: they are processes of this machine. */
  readonly containers: Containers | null
  /** Of each worker slot, where the plan steps its clock; else none. */
  readonly shims: readonly Shim[]
}

export interface SpawnWorker {
  readonly role: WorkerSettings['role']
  readonly slotRole: Role
  readonly worker: WorkerSlot
  readonly spec: WorkerSpec
  readonly place: WorkerPlace
  readonly guard: Guard
}

export type WorkerProcess = OwnedProcess | ContainerWorker

/** One in a container is still being made when this returns. */
export function spawnWorker({ role, slotRole, worker, spec, place, guard }: SpawnWorker): WorkerProcess {
  const settings: WorkerSettings = {
    role,
    module: spec.module,
    config: spec.config,
    slot: worker,
    socket: role === 'worker' ? null : place.socket(slotRole, worker.index),
    worldUrl: place.worldUrl,
    ledgerFolder: place.bareLedger === 'on' ? place.folder : null,
    runId: place.runId,
    failpoints: place.failpoints,
  }
  const program = [...(spec.nodeArgs ?? []), fileURLToPath(moduleBeside(import.meta.url, '../worker/main'))]
  const logFile = join(place.folder, 'logs', `${worker.incarnation}.log`)
  const env = { [settingsVariable]: JSON.stringify(settings) }
  const { containers } = place
  if (containers !== null) {
    return containers.startWorker({
      name: worker.incarnation, argv: ['node', ...program], cwd: process.cwd(), logFile,
      env: { ...env, [TOKEN_VARIABLE]: guard.token, ...compileCache() },
      mounts: mounts(place, spec),
      network: slotRole === 'worker' ? place.network.joined(worker.index) : 'host',
    })
  }
  const argv = [process.execPath, ...program] as const
  return spawnOwned({
    argv: slotRole === 'worker' ? place.network.inside(worker.index, argv) : argv,
    env: { ...env, ...(slotRole === 'worker' ? place.shims[worker.index]?.env : {}) },
    logFile,
    guard,
    stdin: 'pipe',
    // By which it tells of standstills.
    ipc: true,
  })
}

/** What a worker in a container reads: this project, what it depends on, the user's own; and writes: the point's evidence, sockets. */
function mounts({ folder, socketFolder }: WorkerPlace, { module }: WorkerSpec): { path: string; writable: boolean }[] {
  const project = resolve(import.meta.dirname, '..')
  const dependencies = join(project, 'node_modules')
  const read = [project, process.cwd(), dirname(fileURLToPath(module)), ...(existsSync(dependencies) ? [realpathSync(dependencies)] : [])]
  const written = [resolve(folder), socketFolder, ...Object.values(compileCache())]
  // Not the root: a container has its own.
  return [...new Set(read)].filter((path) => path !== '/' && !written.includes(path)).map((path) => ({ path, writable: false })).concat(written.map((path) => ({ path, writable: true })))
}

function compileCache(): Record<string, string> {
  const name = 'NODE_COMPILE_CACHE'
  const path = process.env[name]
  return path !== undefined && existsSync(path) ? { [name]: path } : {}
}
