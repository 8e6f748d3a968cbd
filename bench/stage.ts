// Hands chaos what it may hurt: this point's workers, and the services that this run started itself.
import { createLink } from '../chaos/relay/link.ts'
import type { Relay } from '../chaos/relay/relay.ts'
import type { Stage, Victim } from '../chaos/stage.ts'
import type { FaultLog } from '../chaos/log.ts'
import type { Controlled, RunningServices } from '../services/index.ts'
import type { Fleet } from './fleet.ts'
import type { LoadProcess } from './load-process.ts'
import type { WorldProcess } from './world-process.ts'

export interface StageParts {
  readonly fleet: Fleet
  readonly services: RunningServices
  readonly relay: Relay | null
  readonly load: LoadProcess
  readonly world: WorldProcess
  readonly log: FaultLog
  readonly workers: number
  readonly operatorAfterMs: number
}

export function createStage({ fleet, services, relay, load, world, log, workers, operatorAfterMs }: StageParts): Stage {
  const revive = (slot: number, identity: 'same' | 'fresh'): Promise<void> => fleet.revive(slot, identity, operatorAfterMs)
  return {
    worker: (slot) => fleet.victim(slot, (identity) => revive(slot, identity)),
    workerSlots: workers,
    store: services.store && service(services.store),
    server: services.server && service(services.server),
    link: relay && createLink(relay, () => fleet.living),
    log,
    phase: (name, signal) => load.phase(name, signal),
    batch: (phase, batch, signal) => load.batch(phase, batch, signal),
    applied: (step, nth, signal) => world.applied(step, nth, signal),
    claimed: (fault, signal) => fleet.claimed(fault, signal),
    revive,
  }
}

function service(controlled: Controlled): Victim {
  return {
    role: controlled.role, slot: 0, incarnation: controlled.role,
    kill: () => controlled.kill(),
    pause: () => controlled.pause(),
    resume: () => controlled.resume(),
    terminate: () => Promise.reject(new Error('expected a worker for terminate, found a service: use restart')),
    revive: () => controlled.start(),
    proof: () => controlled.proof(),
  }
}
