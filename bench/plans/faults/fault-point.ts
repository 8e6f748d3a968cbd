// One point of `durabench faults`: an agent at a steady load, hurt at given times. Enough runs are in flight for each fault to meet
// some in every state; the last seconds are calm, so that what comes after the last heal is seen too.
import type { InvariantName, PlannedFault, Point, StoreGround } from '../../../contract/plan.ts'
import { exposedOf } from '../crash.ts'

interface FaultOptions {
  readonly scenario: string
  readonly workers: number
}

/** The points that show one fault, its controls among them. */
export type FaultPlan = (driver: string, options: FaultOptions) => readonly Point[]

export const phase = 'faults'
/** Temporal makes some 60 steps a second on two cores, DBOS a few hundred: with more in flight it would be a test of overload. */
const inFlightOf = (driver: string): number => (driver === 'temporal' ? 12 : driver === 'dbos' ? 32 : 96)
/** Checked as everywhere, but nothing that these faults can tempt an engine to break. */
const untouched: readonly InvariantName[] = ['timers', 'start-dedup']

interface Outline {
  /** The fault's name: what --only and --require-faults name. */
  readonly leg: string
  readonly driver: string
  /** Tells the points of a leg apart. */
  readonly name?: string
  readonly options: FaultOptions
  readonly seconds: number
  readonly faults: readonly PlannedFault[]
  readonly store?: StoreGround
  readonly expect?: 'fail'
  /** Exposed by this fault beside what the scenario exposes. */
  readonly also?: readonly InvariantName[]
}

export function faultPoint({ leg, driver, name, options: { scenario, workers }, seconds, faults, store, expect, also = [] }: Outline): Point {
  return {
    id: [leg, driver, ...(name === undefined ? [] : [name])].join('/'),
    leg, driver, variant: 'default', scenario, params: null, workers,
    load: {
      phases: [{ name: phase, kind: 'closed', concurrency: inFlightOf(driver), seconds, warmupSeconds: 0 }],
      followedShare: 1, doubledShare: 0.2, callDeadlineMs: 10_000,
    },
    chaos: { faults, operatorAfterMs: 0 },
    invariants: [...exposedOf(scenario).filter((invariant) => !untouched.includes(invariant)), ...also],
    expect: expect ?? 'pass',
    bareLedger: 'on',
    capSeconds: seconds + 90,
    ...(store === undefined ? {} : { store }),
  }
}

/** Of the store, at a time of the load. */
export function ofStore(kind: PlannedFault['kind'], afterMs: number, healMs: number, more: Partial<Pick<PlannedFault, 'byMs'>> & { readonly id?: string } = {}): PlannedFault {
  return { id: `${kind}-${afterMs}`, kind, role: 'store', slot: 0, trigger: { at: 'time', phase, afterMs }, heal: { afterMs: healMs, identity: 'same' }, ...more }
}

/** Of a worker, at a time of the load. */
export function ofWorker(kind: PlannedFault['kind'], slot: number, afterMs: number, healMs: number, more: Partial<Pick<PlannedFault, 'byMs'>> = {}): PlannedFault {
  return { id: `${kind}-${slot}-${afterMs}`, kind, role: 'worker', slot, trigger: { at: 'time', phase, afterMs }, heal: { afterMs: healMs, identity: 'same' }, ...more }
}
