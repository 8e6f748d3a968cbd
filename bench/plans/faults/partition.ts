// A worker that is cut off from what it keeps its record in, for longer than its lease, while it lives on and reaches the world: both
// ways, then only what it sends, then only what is sent to it. Others take its runs over; what it does after that must not be recorded.
import type { Direction, LinkName } from '../../../contract/plan.ts'
import { budget } from '../../budget.ts'
import { faultPoint, phase, type FaultPlan } from './fault-point.ts'

const cutMs = budget.leaseMs + 3_000
const cutAtMs = 2_500
/** The heal, TCP's stall, and calm. */
const afterwardsMs = 8_000

/** What a worker of that engine talks to. */
function recordLink(driver: string): LinkName {
  return driver === 'temporal' ? 'worker-engine' : 'worker-store'
}

/** Only what claims leases by itself hands a silent worker's runs on. */
const takesOver = (driver: string): boolean => driver !== 'dbos'

const cut = (direction: Direction): FaultPlan => (driver, options) => [
  faultPoint({
    leg: direction === 'both' ? 'partition' : `partition-${direction}`,
    driver, options, seconds: (cutAtMs + cutMs + afterwardsMs) / 1e3,
    faults: [{
      id: `${recordLink(driver)} ${direction}`, kind: 'partition', role: 'worker', slot: 0, link: recordLink(driver), direction,
      trigger: { at: 'time', phase, afterMs: cutAtMs }, heal: { afterMs: cutMs, identity: 'same' },
    }],
    also: takesOver(driver) ? ['fencing'] : [],
  }),
]

export const partition = cut('both')
export const partitionOut = cut('out')
export const partitionIn = cut('in')
