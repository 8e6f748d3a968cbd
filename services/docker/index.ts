// Read me first. Every service of a run in containers, with the same handles as the processes that npm's programs and Go's give; and workers
// in containers beside them. Loaded only by a run that asks for it, since Testcontainers takes a while to load.
import type { Json } from '../../contract/json.ts'
import type { Guard } from '../../processes/guard.ts'
import type { Availability } from '../go/toolchain.ts'
import { ServiceError } from '../error.ts'
import { findClient } from './client.ts'
import { engineOf, type Engine } from './engine.ts'
import { holdNetwork, type NetworkHolder } from './holder.ts'
import { startWorker, type ContainerWorker, type WorkerSpec } from './worker.ts'

export { openEngine } from './engine.ts'
export type { ContainerWorker, NetworkHolder }
export { startPostgres, containerPostgresSettings } from './postgres.ts'
export { containerSqlTool, startTemporal } from './temporal.ts'
export { toxiproxyPlace } from './toxiproxy.ts'

/** Workers in containers of this run. */
export interface Containers {
  /** Is being made when this returns. */
  startWorker(spec: WorkerSpec): ContainerWorker
  /** A network without a way out, for a worker to live in. */
  holdNetwork(what: string): Promise<NetworkHolder>
}

/** null: this engine's containers share neither files nor loopback with this machine, so workers are processes. */
export function containersOf(engine: Engine): Containers | null {
  if (!engine.hostsWorkers) return null
  return {
    startWorker: (spec) => startWorker(engine, { ...spec, name: engine.name(spec.name) }),
    holdNetwork: (what) => holdNetwork(engine, what),
  }
}

/** Does an engine answer? Nothing is started and no image pulled. */
export async function dockerAvailability(): Promise<Availability> {
  try {
    const { info } = await findClient()
    const { serverVersion, operatingSystem } = info.containerRuntime
    return { ok: true, provider: `Docker ${serverVersion} on ${operatingSystem}` }
  } catch (error) {
    if (error instanceof ServiceError) return { ok: false, why: error.facts, how: error.todo }
    throw error
  }
}

/** What served this run's services, for its fingerprint: the engine, who would have cleaned up, the images by name and id. */
export async function servedBy(guard: Guard): Promise<Json> {
  const engine = await engineOf(guard)
  return engine && { ...engine.about, images: Object.fromEntries([...engine.used].map(([what, { name, id }]) => [what, `${name} ${id}`])) }
}
