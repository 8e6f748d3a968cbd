// How long runs are at a standstill when workers die, by what is left to go on with: a spare worker, a replacement (at once or
// late, with the dead one's identity or a new one), an operator's call. A batch of runs a cell, five kills in each; and five workers that
// are only slow, which must not cost them their runs. A cell begins when the runs and victims of the one before are done with: so a busy
// machine stretches a run and mixes nothing up. All time-outs come from one budget, which is swept where an engine has any.
// Trade-off: five die within two thirds of a lease, so that no heir is the next victim; they share a machine while they recover.
import type { InvariantName, Plan, PlannedFault, Point } from '../../contract/plan.ts'
import { budget } from '../budget.ts'

/** A driver in a variant. */
export interface Profile {
  readonly driver: string
  readonly variant: string
  readonly recovers: 'engine' | 'same-identity' | 'operator' | 'nobody'
  /** The longest time-out of its own that a recovery waits for, beside the budget's. */
  readonly ownTimeoutMs: number
}

export interface RecoveryOptions {
  readonly seed: number
  readonly minExposures: number
  readonly profiles: readonly Profile[]
  /** Leases that are swept; the first is that of all cells. */
  readonly leasesMs: readonly number[]
}

const victims = 5
const workers = victims + 1
/** Two a worker, at work for a while longer than the last victim of a cell lives. */
const runs = 2 * workers
const looks = 30
const phase = 'cells'
const beginMs = 1_000
const lateMs = 5_000
const lateOperatorMs = 30_000
/** A collection of garbage, a machine that swaps: within the budget that all engines share. */
const pauseMs = 2_000
/** By then the runs of a cell have ended, or an engine has lost them. */
const cellMs = 75_000

const invariants: readonly InvariantName[] = ['admission', 'effects', 'claimed', 'stability', 'order', 'finality', 'liveness', 'evidence']

export function recoveryPlan({ seed, minExposures, profiles, leasesMs: [leaseMs = budget.leaseMs, ...swept] }: RecoveryOptions): Plan {
  // A tuned profile's time-outs follow the budget, a stock one's are its makers'.
  const tuned = [...new Map(profiles.filter(({ recovers }) => recovers === 'engine').map((profile) => [profile.driver, profile])).values()]
  return {
    schemaVersion: 1, command: 'recovery', seed, minExposures,
    points: [
      ...profiles.flatMap((profile) => [
        recoveryPoint('cells', profile, leaseMs, [pauses(leaseMs), ...cells(profile, leaseMs)]),
        ...(profile.recovers === 'operator' ? [lateOperator(profile, leaseMs)] : []),
      ]),
      ...swept.flatMap((lease) => tuned.map((profile) => recoveryPoint(`lease ${lease} ms`, profile, lease, [pauses(lease), spare(profile, lease)]))),
    ],
  }
}

interface Cell {
  readonly name: string
  readonly everyMs: number
  readonly fault: Pick<PlannedFault, 'kind' | 'heal'>
}

function cells(profile: Profile, leaseMs: number): Cell[] {
  return [...(['same', 'fresh'] as const).flatMap((identity) => [0, lateMs].map((afterMs) => restarted(leaseMs, identity, afterMs))), spare(profile, leaseMs)]
}

/** The replacement, and the operator with it, come when an engine that needs neither has long been done. */
function spare({ ownTimeoutMs }: Profile, leaseMs: number): Cell {
  return { name: 'spare worker', everyMs: leaseMs / 6, fault: { kind: 'kill', heal: { afterMs: ownTimeoutMs + leaseMs + 5_000, identity: 'fresh' } } }
}

function restarted(leaseMs: number, identity: 'same' | 'fresh', afterMs: number): Cell {
  // Who has its predecessor's identity is its heir: the next may die once it is at work. Else, see above.
  const everyMs = identity === 'same' ? 2_000 : leaseMs / 6
  return { name: `restart after ${afterMs / 1_000} s, ${identity} identity`, everyMs, fault: { kind: 'kill', heal: { afterMs, identity } } }
}

function pauses(leaseMs: number): Cell {
  return { name: `pause of ${pauseMs / 1_000} s`, everyMs: leaseMs / 6, fault: { kind: 'pause', heal: { afterMs: pauseMs, identity: 'same' } } }
}

function lateOperator(profile: Profile, leaseMs: number): Point {
  const cell: Cell = { name: `operator after ${lateOperatorMs / 1_000} s`, everyMs: leaseMs / 6, fault: { kind: 'kill', heal: { afterMs: 0, identity: 'fresh' } } }
  return recoveryPoint('late operator', profile, leaseMs, [cell], lateOperatorMs)
}

function recoveryPoint(what: string, { driver, variant }: Profile, leaseMs: number, own: readonly Cell[], operatorAfterMs = 0): Point {
  const faults = own.flatMap(({ name, everyMs, fault }, batch) => Array.from({ length: victims }, (_, slot): PlannedFault => ({
    id: `${name} ${slot + 1}`, ...fault, role: 'worker', slot, trigger: { at: 'time', phase, batch, afterMs: beginMs + slot * everyMs },
  })))
  return {
    id: `recovery/${driver}${variant === 'default' ? '' : `/${variant}`}/${what}`,
    leg: 'recovery', driver, variant, scenario: 'patrol', params: { timeoutMs: leaseMs, looks }, workers,
    load: {
      phases: [{ name: phase, kind: 'batches', sizes: own.map(() => runs), oneByOne: { withinMs: cellMs } }],
      followedShare: 1, doubledShare: 0, callDeadlineMs: 10_000,
    },
    chaos: { faults, operatorAfterMs },
    invariants, expect: 'pass', bareLedger: 'on',
    capSeconds: own.length * (cellMs / 1_000) + 60,
    budget: { ...budget, leaseMs },
  }
}
