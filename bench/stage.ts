// Hands chaos what it may hurt: this point's workers, and the services that this run started itself.
import { createLink } from '../chaos/relay/link.ts'
import type { Relay } from '../chaos/relay/relay.ts'
import type { Network, Stage, Victim } from '../chaos/stage.ts'
import type { Ground } from '../chaos/ground.ts'
import type { FaultLog } from '../chaos/log.ts'
import type { Controlled, RunningServices } from '../services/index.ts'
import type { Fleet } from './fleet.ts'
import type { LoadProcess } from './load-process.ts'
import type { WorldProcess } from './world-process.ts'

export interface StageParts {
  readonly fleet: Fleet
  readonly services: RunningServices
  /** The store's. */
  readonly ground: Ground
  readonly relay: Relay | null
  readonly network: Network
  readonly load: LoadProcess
  readonly world: WorldProcess
  readonly log: FaultLog
  readonly workers: number
  readonly operatorAfterMs: number
}

export function createStage({ fleet, services, ground, relay, network, load, world, log, workers, operatorAfterMs }: StageParts): Stage {
  const revive = (slot: number, identity: 'same' | 'fresh', version?: string): Promise<void> => fleet.revive(slot, identity, operatorAfterMs, version)
  // One victim each, for as long as the point lasts: faults of the same service take turns.
  const parts = new Map([...(services.server?.parts ?? [])].map(([name, part]) => [name, service(part, {})]))
  return {
    worker: (slot) => fleet.victim(slot, (identity, version) => revive(slot, identity, version)),
    workerSlots: workers,
    store: services.store && service(services.store, ground),
    server: services.server && service(services.server, {}),
    part: (name) => parts.get(name) ?? null,
    link: relay && createLink(relay, () => fleet.living),
    network, log,
    phase: (name, signal) => load.phase(name, signal),
    batch: (phase, batch, signal) => load.batch(phase, batch, 'started', signal),
    batchEnded: (phase, batch, signal) => load.batch(phase, batch, 'ended', signal),
    applied: (step, nth, signal) => world.applied(step, nth, signal),
    claimed: (fault, signal) => fleet.claims.claimed(fault, signal),
    held: (fault, signal) => fleet.claims.held(fault, signal),
    letGo: (fault) => fleet.claims.letGo(fault),
    revive,
  }
}

function service(controlled: Controlled, ground: Ground): Victim {
  return {
    role: controlled.role, slot: 0, incarnation: controlled.role,
    kill: () => controlled.kill(),
    pause: () => controlled.pause(),
    resume: () => controlled.resume(),
    terminate: () => Promise.reject(new Error('expected a worker for terminate, found a service: use restart')),
    revive: () => controlled.start(),
    proof: () => controlled.proof(),
    ground,
  }
}
