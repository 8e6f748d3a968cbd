// Plans that expose: runs of one scenario, all started at once, and the faults that make a lie matter, each bound to what it is to hit.
import type { FailPoint } from '../contract/driver.ts'
import type { Json } from '../contract/json.ts'
import type { InvariantName, LinkStrike, PlannedFault, Point } from '../contract/plan.ts'

interface Exposing {
  readonly name: string
  readonly runs: number
  /** Default: purchase. */
  readonly scenario?: string
  readonly params?: Json
  readonly faults?: readonly PlannedFault[]
  readonly doubledShare?: number
  readonly livenessMs?: number
  readonly variant?: string
  readonly invariants: readonly InvariantName[]
}

const phase = 'expose'

export function exposing({ name, runs, scenario = 'purchase', params = null, faults = [], doubledShare = 0, livenessMs, variant = 'default', invariants }: Exposing): Point {
  return {
    id: `selftest/${name}`, leg: 'selftest', driver: 'homegrown', variant, scenario, params,
    workers: 2,
    load: { phases: [{ name: phase, kind: 'batches', sizes: [runs] }], followedShare: 1, doubledShare, callDeadlineMs: 10_000 },
    chaos: { faults, operatorAfterMs: 0 },
    invariants,
    expect: 'pass',
    bareLedger: 'on',
    capSeconds: 90,
    ...(livenessMs === undefined ? {} : { livenessMs }),
  }
}

/** Kills whichever worker has run `index` of the batch at that seq and point, at the first attempt. */
export function crashAt(index: number, seq: number, point: FailPoint, healMs = 0): PlannedFault {
  return {
    id: `${point}-${seq}-of-${index}`, kind: 'kill', role: 'worker', slot: 'whoever',
    trigger: { at: 'failpoint', phase, batch: 0, index, seq, attempt: 1, point },
    heal: { afterMs: healMs, identity: 'same' },
  }
}

/** Kills that worker so long after the batch began; its replacement is another identity if it is to wait for its lease. */
export function killAfter(slot: number, afterMs: number, identity: 'same' | 'fresh' = 'same'): PlannedFault {
  return { id: `kill-${slot}`, kind: 'kill', role: 'worker', slot, trigger: { at: 'time', phase, batch: 0, afterMs }, heal: { afterMs: 0, identity } }
}

/** The slot's next worker, of another identity, has that version of the code. */
export function deployTo(slot: number, version: string, afterMs: number): PlannedFault {
  return { id: `deploy-${version}-${slot}`, kind: 'deploy', role: 'worker', slot, version, trigger: { at: 'time', phase, batch: 0, afterMs }, heal: { afterMs: 0, identity: 'fresh' } }
}

/** Pauses worker 0, which is at work on about half of the runs, for longer than its lease once the world has seen that step so often. */
export function pauseAt(step: string, nth: number): PlannedFault {
  return {
    id: 'pause', kind: 'pause', role: 'worker', slot: 0,
    trigger: { at: 'event', phase, batch: 0, step, nth },
    heal: { afterMs: 5_000, identity: 'same' },
  }
}

/** Strikes the nth commit of that worker from the batch's begin on: its first starts may have passed by then. */
export function strike(kind: LinkStrike, slot: number, nth: number): PlannedFault {
  return { ...strikeAhead(kind, slot, nth), trigger: { at: 'time', phase, batch: 0, afterMs: 0 } }
}

/** Strikes the nth commit of that worker from before the batch on: the starts come first, or a beat and then they. */
export function strikeAhead(kind: LinkStrike, slot: number, nth: number): PlannedFault {
  return { id: `${kind}-${slot}-${nth}`, kind, role: 'link', slot, nth, trigger: { at: 'time', phase, afterMs: 0 }, heal: { afterMs: 0, identity: 'same' } }
}
