// A worker that is cut off from what it keeps its record in, for longer than its lease, while it lives on and reaches the world; then the
// other worker is. Both ways, then only what it sends, then only what is sent to it. Others take its runs over; what it does after that
// must not be recorded.
import type { Direction, PlannedFault } from '../../../contract/plan.ts'
import { scenarios } from '../../../scenarios/index.ts'
import { budget } from '../../budget.ts'
import { recordLink } from '../links.ts'
import { faultPoint, phase, type FaultPlan } from './fault-point.ts'

const cutMs = budget.leaseMs + 3_000
/** When so many runs have done their last step: others are in every state by then, after milliseconds or after seconds. */
const doneRuns = (driver: string): number => (driver === 'temporal' ? 8 : 48)
/** The other worker's turn: the first is whole again by then, TCP's stall over. */
const secondAtMs = 15_000
/** The heal, TCP's stall, and calm. */
const afterwardsMs = 6_000

/** DBOS hands on no silent worker's runs, and Temporal has too few at once to name it; it is checked all the same. */
const exposesFencing = (driver: string): boolean => driver !== 'dbos' && driver !== 'temporal'

function lastStep(scenario: string): string {
  return scenarios.get(scenario)?.path.findLast((step) => step !== null) ?? ''
}

const cut = (direction: Direction): FaultPlan => (driver, options) => [
  faultPoint({
    leg: direction === 'both' ? 'partition' : `partition-${direction}`,
    driver, options, seconds: (secondAtMs + cutMs + afterwardsMs) / 1e3,
    faults: [
      { at: 'event', phase, step: lastStep(options.scenario), nth: doneRuns(driver) } as const,
      { at: 'time', phase, afterMs: secondAtMs } as const,
    ].map((trigger, i): PlannedFault => ({
      id: `${recordLink(driver)} ${direction} ${i + 1}`, kind: 'partition', role: 'worker', slot: i % options.workers, link: recordLink(driver), direction,
      trigger, heal: { afterMs: cutMs, identity: 'same' },
    })),
    also: exposesFencing(driver) ? ['fencing'] : [],
  }),
]

export const partition = cut('both')
export const partitionOut = cut('out')
export const partitionIn = cut('in')
