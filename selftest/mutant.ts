// An engine that lies in one way, the plan that exposes it, and the invariant that has to say so. Its twin is the same engine
// without the lie, under the same plan.
import type { Driver } from '../contract/driver.ts'
import type { InvariantName, PlannedFault, Point } from '../contract/plan.ts'

export interface Mutant {
  readonly name: string
  /** Which real bug it stands for. */
  readonly about: string
  readonly caughtBy: InvariantName
  readonly point: Point
  /** The driver with the lie in it. */
  mutate(honest: Driver): Driver
}

export interface Exposing {
  readonly name: string
  readonly runs: number
  /** Default: purchase. */
  readonly scenario?: string
  readonly faults: readonly PlannedFault[]
  readonly invariants: readonly InvariantName[]
}

/** Runs of a scenario, all started at once, and the faults that make the lie matter. */
export function exposing({ name, runs, scenario = 'purchase', faults, invariants }: Exposing): Point {
  return {
    id: `selftest/${name}`, leg: 'selftest', driver: 'homegrown', variant: 'default', scenario, params: null,
    workers: 2,
    load: { phases: [{ name: 'expose', kind: 'batches', sizes: [runs] }], followedShare: 1, doubledShare: 0, callDeadlineMs: 10_000 },
    chaos: { faults, operatorAfterMs: 0 },
    invariants,
    expect: 'pass',
    bareLedger: 'on',
    capSeconds: 90,
  }
}

/** Kills whichever worker has run `index` of the batch at that seq and point, at the first attempt. */
export function crashAt(index: number, seq: number, point: 'before-effect' | 'after-effect' | 'after-return'): PlannedFault {
  return {
    id: `${point}-${seq}-of-${index}`, kind: 'kill', role: 'worker', slot: 'whoever',
    trigger: { at: 'failpoint', phase: 'expose', batch: 0, index, seq, attempt: 1, point },
    heal: { afterMs: 0, identity: 'same' },
  }
}

/** Pauses worker 0 for longer than its lease once the world has seen that many receipts: by then it is at work on about half of the runs. */
export function pauseAtReceipt(nth: number): PlannedFault {
  return {
    id: 'pause', kind: 'pause', role: 'worker', slot: 0,
    trigger: { at: 'event', phase: 'expose', batch: 0, step: 'receipt', nth },
    heal: { afterMs: 5_000, identity: 'same' },
  }
}

/** The homegrown engine with one of its test-only mutations, and with settings that it needs to live long enough. */
export function withMutation(mutation: string, settings: Readonly<Record<string, number>> = {}): (honest: Driver) => Driver {
  return (honest) => ({ ...honest, variants: { default: { ...(honest.variants.default as object), ...settings, mutations: [mutation] } } })
}
