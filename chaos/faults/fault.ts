// The shape of a fault: how it is applied, what proves inside the victim that it took hold, how it is healed.
import type { LinkName, PlannedFault } from '../../contract/plan.ts'
import type { Role } from '../../contract/logs.ts'
import type { Held, Link, Network, Struck, Victim } from '../stage.ts'

export type Fault = ProcessFault | LinkFault | NetworkFault | MachineFault

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
  heal(victim: Victim, identity: 'same' | 'fresh', version?: string): Promise<void>
  /** Checked after the heal where the evidence shows only then (a store's new start time). */
  readonly provedByHeal: boolean
}

/** Done to a connection between a worker and the store; heals by itself, since workers connect again. */
export interface LinkFault extends Described {
  readonly of: 'link'
  /** Resolves when it took hold, with the proof; rejects when the signal comes first. */
  strike(link: Link, planned: Pick<PlannedFault, 'slot' | 'nth'>, signal: AbortSignal): Promise<Struck>
}

/** Done to the way between two parties, for as long as the plan says. */
export interface NetworkFault extends Described {
  readonly of: 'network'
  /** Resolves when it holds, with the proof; throws when it does not, and then nothing is left of it. `slot`: of a worker. */
  hold(network: Network, planned: PlannedFault & { readonly link: LinkName }, slot: number | null): Promise<Held>
}

/** Done to what a process stands on: its disk, its clock, its memory, its neighbours. */
export interface MachineFault extends Described {
  readonly of: 'machine'
  /** What must be over before it takes hold, and is no part of it. */
  prepare?(victim: Victim, planned: PlannedFault): Promise<void>
  /** Resolves when it holds, with the proof; throws when it does not, and then nothing is left of it. */
  hold(victim: Victim, planned: PlannedFault): Promise<Held>
}

/** @throws when the plan does not say it */
export function amountOf({ id, byMs }: PlannedFault, what: string): number {
  if (byMs === undefined) throw new Error(`expected the plan to say ${what} (byMs of ${id}), found nothing`)
  return byMs
}
