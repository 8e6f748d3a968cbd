// The shape of a fault: how it is applied, what proves inside the victim that it took hold, how it is healed.
import type { PlannedFault } from '../../contract/plan.ts'
import type { Role } from '../../contract/logs.ts'
import type { Link, Struck, Victim } from '../stage.ts'

export type Fault = ProcessFault | LinkFault

interface Described {
  readonly kind: PlannedFault['kind']
  readonly about: string
  readonly roles: readonly Role[]
}

/** Done to a process: to a worker, or to all processes of a service. */
export interface ProcessFault extends Described {
  readonly of: 'process'
  /** Resolves when it took hold; throws when it did not: the fault is then `skipped`, never counted. */
  apply(victim: Victim): Promise<void>
  heal(victim: Victim, identity: 'same' | 'fresh'): Promise<void>
  /** Checked after the heal where the evidence shows only then (a store's new start time). */
  readonly provedByHeal: boolean
}

/** Done to a connection between a worker and the store; heals by itself, since workers connect again. */
export interface LinkFault extends Described {
  readonly of: 'link'
  /** Resolves when it took hold, with the proof; rejects when the signal comes first. */
  strike(link: Link, planned: Pick<PlannedFault, 'slot' | 'nth'>, signal: AbortSignal): Promise<Struck>
}
