// The crash-point matrix: every step at every point, crashed several times, in runs that meet this crash and no other. Shots are
// dealt to points of some twenty each, so that a killed matrix can go on, and so that parts can be played beside each other: a
// shot is mostly waiting, for a process to start, a lease, a time-out.
import type { MatrixPart, Plan, PlannedFault, Point } from '../../contract/plan.ts'
import { random } from '../../contract/random.ts'
import { scenarios } from '../../scenarios/index.ts'
import type { Lanes } from '../lanes.ts'
import { control, type PlanOptions } from './options.ts'
import { dealt, type Batch } from './matrix-batches.ts'
import { sitesOf, type SiteFilter } from './matrix-sites.ts'

export interface MatrixOptions extends PlanOptions {
  readonly victims: readonly MatrixPart['victim'][]
  readonly loads: readonly MatrixPart['load'][]
  readonly crashes: MatrixPart['crashes']
  readonly wanted: SiteFilter
}

/** A cell is fired at least so often: one crash is an anecdote. */
export const shotsPerCell = 3
const shotsPerPoint = 22
const phase = 'matrix'
/** Where waits are long they are shortened: they would be most of a shot. Still longer than any answer takes. */
const paced: Readonly<Record<string, Point['params']>> = { purchase: { approvalTimeoutMs: 1_600 } }
/** Beside the run that is crashed; Temporal makes some 60 steps a second on two cores. */
const matesOf = (driver: string): number => (driver === 'temporal' ? 3 : 8)
/** Far beyond any recovery: a run that is not over then is left behind, and judged at the end. */
const endWithinMs = 45_000

export function matrixPlan(options: MatrixOptions): Plan {
  const { seed, minExposures, drivers, scenarios: names, victims, loads, crashes } = options
  const points = names.flatMap((scenario) => victims.flatMap((victim) => loads.flatMap((load) =>
    interleaved(drivers.filter((driver) => has(driver, victim)).map((driver) => partsOf(driver, scenario, { victim, load, crashes }, options))))))
  return { schemaVersion: 1, command: 'matrix', seed, minExposures, points }
}

/** Only Temporal has a server of its own. */
function has(driver: string, victim: MatrixPart['victim']): boolean {
  return victim !== 'engine-server' || driver === 'temporal'
}

/** One part of each in turn, so that engines that wait long are played beside those that don't. */
function interleaved(parts: readonly (readonly Point[])[]): Point[] {
  const rounds = Math.max(0, ...parts.map(({ length }) => length))
  return Array.from({ length: rounds }, (_, i) => parts.flatMap((own) => own.slice(i, i + 1))).flat()
}

function partsOf(driver: string, scenario: string, part: MatrixPart, options: MatrixOptions): Point[] {
  const { seed, wanted } = options
  const known = scenarios.get(scenario)!
  const params = paced[scenario] ?? null
  const sites = sitesOf(known, seed, params).filter(wanted)
  const order = random(seed, `matrix/${driver}/${scenario}`)
  const shots = Array.from({ length: shotsPerCell }, () => order.shuffle(sites)).flat()
  const size = part.load === 'loaded' ? 1 + matesOf(driver) : 1
  const count = Math.ceil(shots.length / shotsPerPoint)
  return Array.from({ length: count }, (_, i) => {
    const own = shots.filter((_, shot) => shot % count === i)
    return point(driver, scenario, i + 1, part, dealt(own, size, { scenario: known, seed, params }), options)
  })
}

function point(driver: string, scenario: string, number: number, part: MatrixPart, batches: readonly Batch[], { workers }: MatrixOptions): Point {
  return {
    id: `matrix/${driver}/${scenario}/${part.victim}-${part.load}${part.crashes === 1 ? '' : '-twice'}/${number}`,
    leg: 'matrix', driver, variant: 'default', scenario, params: paced[scenario] ?? null,
    workers, matrix: part,
    load: {
      phases: [{ name: phase, kind: 'batches', sizes: batches.map(({ size }) => size), oneByOne: { withinMs: endWithinMs } }],
      followedShare: 1, doubledShare: 0, callDeadlineMs: 10_000,
    },
    chaos: { faults: batches.flatMap((batch, i) => (batch.shot === null ? [] : faultsOf(batch.shot, i, part))), operatorAfterMs: 0 },
    // All are checked; none is named, since the cells are what this plan claims to expose.
    invariants: [],
    expect: driver === control ? 'fail' : 'pass',
    bareLedger: 'on',
    capSeconds: 60 + batches.length * (endWithinMs / 1e3),
  }
}

function faultsOf({ site: { seq, point }, index }: NonNullable<Batch['shot']>, batch: number, { victim, crashes }: MatrixPart): PlannedFault[] {
  const what = victim === 'worker' ? { kind: 'kill', role: victim, slot: 'whoever' } as const : { kind: 'restart', role: victim, slot: 0 } as const
  const heal = { afterMs: 0, identity: 'same' } as const
  const at = { at: 'failpoint', phase, batch, index, attempt: 1 } as const
  const first: PlannedFault = { id: `${point}-${seq}-in-${batch}`, ...what, trigger: { ...at, seq, point }, heal }
  // Recovery begins the body anew: its first op is the first place of ours that it comes to.
  const again: PlannedFault = { id: `${first.id}-again`, ...what, trigger: { ...at, seq: 1, point: 'op-begins', after: first.id }, heal }
  return crashes === 1 ? [first] : [first, again]
}

/**
 * An engine's parts are played beside the other engines'. Temporal's shots wait out its time-outs, ten seconds each, so many of
 * them go on at once; those of a library in the app are over as soon as its process is back, and need a core to start it.
 */
export const matrixLanes: Lanes<Point> = {
  // A service that is hurt is the point's own, and two of them are a lot for one machine.
  group: ({ driver, matrix }) => (matrix?.victim === 'worker' ? driver : 'services'),
  width: (group) => (group === 'temporal' ? 6 : 1),
}
