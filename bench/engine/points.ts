// The points that rows play: the shape of the load, and nothing that differs between the two sides of a pair.
import type { Json } from '../../contract/json.ts'
import type { LoadPhase, Point } from '../../contract/plan.ts'
import type { Timing } from './place.ts'

export const stepsPerRun = 10
export const payloadBytes = 200

export interface Shape {
  readonly name: string
  readonly driver: string
  readonly variant?: string
  readonly workers: number
}

/** Bare steps in a closed loop: so many runs in flight at any time. */
export function closed(shape: Shape, concurrency: number, timing: Timing): Point {
  return point(shape, 'bare-steps', { steps: stepsPerRun, payloadBytes }, { kind: 'closed', concurrency, ...window(timing) }, 1)
}

/** Bare steps offered at a rate, however slow the answers are; one run in ten is followed live, the rest is read afterwards. */
export function open(shape: Shape, stepsPerSecond: number, timing: Timing): Point {
  return point(shape, 'bare-steps', { steps: stepsPerRun, payloadBytes }, { kind: 'open', rate: { perSecond: stepsPerSecond / stepsPerRun }, ...window(timing) }, 0.1)
}

/** A list of instructions as a run's body (scenario `script`), in a closed loop. */
export function scripted(shape: Shape, instructions: Json, concurrency: number, timing: Timing): Point {
  return point(shape, 'script', instructions, { kind: 'closed', concurrency, ...window(timing) }, 1)
}

/** Bare steps, all runs at once. */
export function crowd(shape: Shape, runs: number, steps: number): Point {
  return point(shape, 'bare-steps', { steps, payloadBytes }, { kind: 'batches', sizes: [runs] }, 1)
}

type Load = LoadPhase extends infer Phase ? (Phase extends LoadPhase ? Omit<Phase, 'name' | 'aside'> : never) : never

function point({ name, driver, variant = 'default', workers }: Shape, scenario: string, params: Json, load: Load, followedShare: number): Point {
  return {
    id: name, leg: 'engine', driver, variant, scenario, params, workers,
    load: { phases: [{ name: 'window', ...load }], followedShare, doubledShare: 0, callDeadlineMs: 10_000 },
    chaos: { faults: [], operatorAfterMs: 0 },
    invariants: [],
    expect: 'pass',
    bareLedger: 'on',
    capSeconds: 300,
  }
}

function window({ seconds, warmupSeconds }: Timing): { seconds: number; warmupSeconds: number } {
  return { seconds, warmupSeconds }
}
