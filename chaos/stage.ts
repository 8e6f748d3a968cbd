// What chaos may act upon: only what this run started and handed over here. bench builds it; an external service is null,
// so no fault can reach it.
import type { Role } from '../contract/logs.ts'
import type { Claim } from '../worker/failpoints.ts'
import type { FaultLog } from './log.ts'

/** A process or a service that can be hurt. `proof` is evidence from inside it, before and after. */
export interface Victim {
  readonly role: Role
  readonly slot: number
  readonly incarnation: string
  kill(): Promise<void>
  pause(): Promise<void>
  resume(): Promise<void>
  terminate(): Promise<void>
  /** Brings it (a worker: a replacement) back; resolves when it is ready. */
  revive(identity: 'same' | 'fresh'): Promise<void>
  proof(): Promise<string>
}

export interface Stage {
  /** The living worker in that slot; null while it is being replaced. */
  worker(slot: number): Victim | null
  readonly workerSlots: number
  readonly store: Victim | null
  readonly server: Victim | null
  readonly log: FaultLog
  /** Resolves when the load's phase has begun. */
  phase(name: string, signal: AbortSignal): Promise<void>
  /** Resolves when a batch was released. */
  batch(phase: string, batch: number, signal: AbortSignal): Promise<void>
  /** Resolves when the world saw the nth `applied` of a step. */
  applied(step: string, nth: number, signal: AbortSignal): Promise<void>
  /** Resolves when a worker died at this failpoint: its claim, and the slot it had. */
  claimed(fault: string, signal: AbortSignal): Promise<{ claim: Claim; slot: number }>
  /** Puts a replacement into a slot whose worker is dead; resolves when it is ready. */
  revive(slot: number, identity: 'same' | 'fresh'): Promise<void>
}
