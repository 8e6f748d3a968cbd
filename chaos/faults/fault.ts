// The shape of a fault: how it is applied, what proves inside the victim that it took hold, how it is healed.
import type { PlannedFault } from '../../contract/plan.ts'
import type { Role } from '../../contract/logs.ts'
import type { Victim } from '../stage.ts'

export interface Fault {
  readonly kind: PlannedFault['kind']
  readonly about: string
  readonly roles: readonly Role[]
  /** Resolves when it took hold; throws when it did not: the fault is then `skipped`, never counted. */
  apply(victim: Victim): Promise<void>
  heal(victim: Victim, identity: 'same' | 'fresh'): Promise<void>
  /** Checked after the heal where the evidence shows only then (a store's new start time). */
  provedByHeal: boolean
}
