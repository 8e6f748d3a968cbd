// How long runs are at a standstill when workers die, by what is left to go on with: a spare worker, a replacement (at once or
// late, with the dead one's identity or a new one), an operator's call. A phase a cell, five kills in each; then five workers that are
// only slow, which must not cost them their runs. All time-outs come from one budget, which is swept where an engine has any.
// Trade-off: five die within two thirds of a lease, so that no heir is the next victim; they share a machine while they recover.
import type { InvariantName, LoadPhase, Plan, PlannedFault, Point } from '../../contract/plan.ts'
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
const beginMs = 1_000
/** What a worker takes to be ready again. */
const bootMs = 3_000
const lateMs = 5_000
const lateOperatorMs = 30_000
/** A collection of garbage, a machine that swaps: within the budget that all engines share. */
const pauseMs = 2_000

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
  readonly seconds: number
  readonly fault: Pick<PlannedFault, 'kind' | 'heal'>
}

function cells(profile: Profile, leaseMs: number): Cell[] {
  const restarts = (['same', 'fresh'] as const).flatMap((identity) => [0, lateMs].map((afterMs) => restarted(profile, leaseMs, identity, afterMs)))
  // Last, since its replacements take a while to be at work.
  return [...restarts, spare(profile, leaseMs)]
}

/** The replacement, and the operator with it, come when an engine that needs neither has long been done. */
function spare({ ownTimeoutMs }: Profile, leaseMs: number): Cell {
  const aloneMs = ownTimeoutMs + leaseMs + 5_000
  return cell('spare worker', leaseMs / 6, { kind: 'kill', heal: { afterMs: aloneMs, identity: 'fresh' } }, aloneMs + bootMs)
}

function restarted({ ownTimeoutMs }: Profile, leaseMs: number, identity: 'same' | 'fresh', afterMs: number): Cell {
  // Who has its predecessor's identity is its heir: the next may die once it is at work. Else, see above.
  const everyMs = identity === 'same' ? 2_000 : leaseMs / 6
  return cell(`restart after ${afterMs / 1_000} s, ${identity} identity`, everyMs, { kind: 'kill', heal: { afterMs, identity } }, afterMs + bootMs + ownTimeoutMs + leaseMs)
}

function pauses(leaseMs: number): Cell {
  return cell(`pause of ${pauseMs / 1_000} s`, leaseMs / 6, { kind: 'pause', heal: { afterMs: pauseMs, identity: 'same' } }, pauseMs + leaseMs)
}

function lateOperator(profile: Profile, leaseMs: number): Point {
  const fault = { kind: 'kill', heal: { afterMs: 0, identity: 'fresh' } } as const
  return recoveryPoint('late operator', profile, leaseMs, [cell(`operator after ${lateOperatorMs / 1_000} s`, leaseMs / 6, fault, lateOperatorMs + bootMs)], lateOperatorMs)
}

/** `lastMs`: what the last victim is given. */
function cell(name: string, everyMs: number, fault: Cell['fault'], lastMs: number): Cell {
  return { name, everyMs, fault, seconds: Math.ceil((beginMs + (victims - 1) * everyMs + lastMs) / 1_000) }
}

function recoveryPoint(what: string, { driver, variant }: Profile, leaseMs: number, own: readonly Cell[], operatorAfterMs = 0): Point {
  const phases = own.map(({ name, seconds }): LoadPhase => ({ name, aside: true, kind: 'closed', concurrency: 2 * workers, seconds, warmupSeconds: 0 }))
  const faults = own.flatMap(({ name, everyMs, fault }) => Array.from({ length: victims }, (_, slot): PlannedFault => ({
    id: `${name} ${slot + 1}`, ...fault, role: 'worker', slot, trigger: { at: 'time', phase: name, afterMs: beginMs + slot * everyMs },
  })))
  return {
    id: `recovery/${driver}${variant === 'default' ? '' : `/${variant}`}/${what}`,
    leg: 'recovery', driver, variant, scenario: 'patrol', params: { timeoutMs: leaseMs }, workers,
    load: { phases, followedShare: 1, doubledShare: 0, callDeadlineMs: 10_000 },
    chaos: { faults, operatorAfterMs },
    invariants, expect: 'pass', bareLedger: 'on',
    capSeconds: own.reduce((sum, { seconds }) => sum + seconds, 120),
    budget: { ...budget, leaseMs },
  }
}
