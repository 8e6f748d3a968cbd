// What chaos may act upon: only what this run started and handed over here. bench builds it; an external service is null,
// so no fault can reach it.
import type { Role } from '../contract/logs.ts'
import type { LinkStrike, PlannedFault, ServerPart } from '../contract/plan.ts'
import type { Claim } from '../worker/failpoints.ts'
import type { FaultLog } from './log.ts'
import type { Ground } from './ground.ts'
import type { Proxies } from './network/proxies.ts'
import type { Wires } from './network/wires.ts'

/** A process or a service that can be hurt. `proof` is evidence from inside it, before and after. */
export interface Victim {
  readonly role: Role
  readonly slot: number
  readonly incarnation: string
  kill(): Promise<void>
  pause(): Promise<void>
  resume(): Promise<void>
  terminate(): Promise<void>
  /** Brings it (a worker: a replacement, of the version that it had unless told otherwise) back; resolves when it is ready. */
  revive(identity: 'same' | 'fresh', version?: string): Promise<void>
  proof(): Promise<string>
  /** What it stands on, as far as this run made it for it. */
  readonly ground: Ground
}

export interface Worker {
  readonly pid: number
  readonly slot: number
  readonly incarnation: string
}

/** What happened to a worker's connection, with the proof. */
export interface Struck {
  readonly worker: Worker
  readonly atMs: number
  readonly saw: string
  /** Delivers what was held back; resolves with what the store answered. */
  readonly late?: () => Promise<string>
}

/** The connections between workers and store. `slot`: a number, or whichever worker's. */
export interface Link {
  /** Hits the nth commit from now. Rejects when the signal comes first. */
  strike(strike: LinkStrike, slot: PlannedFault['slot'], nth: number, signal: AbortSignal): Promise<Struck>
  /** Of the nth of its connections, the one that committed last being the first; waits until there is one. */
  terminateBackend(slot: PlannedFault['slot'], nth: number, signal: AbortSignal): Promise<Struck>
}

/** What stands between the parties of this run; asked for what it has not, it throws with the reason. */
export interface Network {
  /** A network of its own for each worker slot. */
  wires(): Wires
  /** The links that go through a proxy. */
  proxies(): Proxies
}

/** A fault that holds until it is healed. */
export interface Held {
  /** null: what proves it shows with the heal. */
  readonly saw: string | null
  /** Resolves when those at both ends can tell. */
  heal(): Promise<{ readonly saw: string; readonly stallMs?: number }>
}

export interface Stage {
  /** The living worker in that slot; null while it is being replaced. */
  worker(slot: number): Victim | null
  readonly workerSlots: number
  readonly store: Victim | null
  readonly server: Victim | null
  /** One service of a server that is split; null: it is not. */
  part(name: ServerPart): Victim | null
  /** null: nothing stands between workers and store, or the store is not this run's. */
  readonly link: Link | null
  readonly network: Network
  readonly log: FaultLog
  /** Resolves when the load's phase has begun. */
  phase(name: string, signal: AbortSignal): Promise<void>
  /** Resolves when a batch was released. */
  batch(phase: string, batch: number, signal: AbortSignal): Promise<void>
  /** Resolves when every run of a batch was seen to end. */
  batchEnded(phase: string, batch: number, signal: AbortSignal): Promise<void>
  /** Resolves when the world saw the nth `applied` of a step. */
  applied(step: string, nth: number, signal: AbortSignal): Promise<void>
  /** Resolves when a worker died at this failpoint: its claim, and the slot it had. */
  claimed(fault: string, signal: AbortSignal): Promise<{ claim: Claim; slot: number }>
  /** Resolves when a worker waits at this failpoint, which is to strike a service. */
  held(fault: string, signal: AbortSignal): Promise<Claim>
  /** Lets whoever waits at this failpoint, or comes to it, go on. */
  letGo(fault: string): void
  /** Puts a replacement into a slot whose worker is dead; resolves when it is ready. */
  revive(slot: number, identity: 'same' | 'fresh'): Promise<void>
}
