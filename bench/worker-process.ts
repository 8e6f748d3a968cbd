// How a worker or app process is spawned: worker/main.ts with its settings in the environment.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { moduleBeside } from '../contract/beside.ts'
import type { WorkerSlot, WorkerSpec } from '../contract/driver.ts'
import type { Role } from '../contract/logs.ts'
import type { Guard } from '../processes/guard.ts'
import { spawnOwned, type OwnedProcess } from '../processes/spawn.ts'
import type { Shim } from '../services/ground/shim.ts'
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
  readonly network: Pick<PointNetwork, 'inside'>
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

export function spawnWorker({ role, slotRole, worker, spec, place, guard }: SpawnWorker): OwnedProcess {
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
  const argv = [process.execPath, ...(spec.nodeArgs ?? []), fileURLToPath(moduleBeside(import.meta.url, '../worker/main'))] as const
  return spawnOwned({
    argv: slotRole === 'worker' ? place.network.inside(worker.index, argv) : argv,
    env: { [settingsVariable]: JSON.stringify(settings), ...(slotRole === 'worker' ? place.shims[worker.index]?.env : {}) },
    logFile: join(place.folder, 'logs', `${worker.incarnation}.log`),
    guard,
    stdin: 'pipe',
    // By which it tells of standstills.
    ipc: true,
  })
}
