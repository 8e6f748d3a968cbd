// The crash-recovery suite: `durabench crash` in cases of some seconds each, every one with faults and invariants of its own. One
// exposure decides here, where the command asks for thirty: a suite looks for a bug that a change brought in, at each change.
import type { Driver, FailPoint } from '../contract/driver.ts'
import type { InvariantName, LoadPlan, PlannedFault, Point } from '../contract/plan.ts'
import type { Json } from '../contract/json.ts'
import type { Scenario } from '../contract/scenario.ts'
import { lacks } from '../bench/lacks.ts'
import { isSame, offsetOnto, pathsOf } from '../bench/plans/paths.ts'
import type { Case, SuiteSettings } from './case.ts'
import { play } from './play.ts'

const phase = 'suite'
const stepPoints: readonly FailPoint[] = ['before-effect', 'after-effect', 'after-return']
/** Beside the run that a failpoint is bound to. */
const runsPerFailpoint = 3
const runsAtOnce = 20
/** Of what waits for a human, who is not played here for long. */
const paced: Readonly<Record<string, Json>> = { purchase: { approvalTimeoutMs: 1_000 } }
const livenessMs = 30_000
const same = { afterMs: 0, identity: 'same' } as const

interface Crash {
  readonly name: string
  readonly id: string
  readonly sizes: readonly number[]
  readonly faults: readonly PlannedFault[]
  readonly invariants: readonly InvariantName[]
  readonly doubledShare?: number
}

export function crashCases(driver: Driver, scenario: Scenario, settings: SuiteSettings): Case[] {
  const { seed, minExposures, workers } = settings
  const whole = lacks(driver, scenario)
  const recovers = driver.promises.recovery.value.who
  const crashes = [calm(scenario), ...atSteps(scenario, seed), atBody(scenario, seed), byTheClock(scenario), ...ofTheStore(driver, scenario)]
  const point = ({ id, sizes, faults, invariants, doubledShare = 0 }: Crash, name: string, params: Json): Point => ({
    id: `suite/${id}`, leg: 'suite', driver: driver.name, variant: 'default', scenario: name, params, workers,
    load: load(sizes, doubledShare), chaos: { faults, operatorAfterMs: 0 }, invariants, expect: 'pass', bareLedger: 'on', capSeconds: 60 + 30 * sizes.length, livenessMs,
  })
  const played = (crash: Crash, skip: string, made: Point): Case => ({ name: crash.name, skip, play: (stand) => play(crash.name, [made], seed, minExposures, stand) })
  return [
    ...crashes.map((crash) => played(crash, whole, point(crash, scenario.name, paced[scenario.name] ?? null))),
    played(asleep, recovers === 'engine' ? '' : `of ${driver.name} nobody takes a sleeping worker's runs: its recovery is for ${recovers}`, { ...point(asleep, 'script', slowSteps), workers: 2 }),
  ]
}

function load(sizes: readonly number[], doubledShare: number): LoadPlan {
  return { phases: [{ name: phase, kind: 'batches', sizes }], followedShare: 1, doubledShare, callDeadlineMs: 10_000 }
}

function calm({ name }: Scenario): Crash {
  return { name: `${name}: runs as it should when nothing goes wrong`, id: 'calm', sizes: [runsAtOnce], faults: [], doubledShare: 0.5, invariants: ['admission', 'effects', 'stability', 'finality', 'start-dedup', 'liveness'] }
}

/** Each step of the scenario's own path: crashed before its effect, between that and its record, and behind its return. */
function atSteps(scenario: Scenario, seed: number): Crash[] {
  return scenario.path.flatMap((step, i): Crash[] => (step === null ? [] : [{
    name: `${scenario.name}: recovers when its worker is killed before, in and after ${scenario.path.indexOf(step) === i ? step : `${step} (${i + 1})`}`,
    id: `${i + 1}-${step}`,
    ...atPoints(scenario, seed, stepPoints.map((point) => ({ seq: i + 1, point }))),
    invariants: ['effects', 'stability', 'liveness'],
  }]))
}

function atBody(scenario: Scenario, seed: number): Crash {
  const waits = scenario.path.flatMap((step, i) => (step === null ? [{ seq: i + 1, point: 'op-begins' as const }] : []))
  const end = scenario.openEnded === true ? [] : [{ seq: scenario.path.length, point: 'body-returns' as const }]
  return {
    name: `${scenario.name}: recovers when its worker is killed ${waits.length > 0 ? 'where no step is at work, and ' : ''}as its body ${end.length > 0 ? 'returns' : 'goes on'}`,
    id: 'body', ...atPoints(scenario, seed, [...waits, ...end, ...(waits.length + end.length === 0 ? [{ seq: 1, point: 'op-begins' as const }] : [])]),
    invariants: ['effects', 'stability', 'liveness'],
  }
}

/** A batch for each, since a run that meets two crashes would show neither. */
function atPoints(scenario: Scenario, seed: number, sites: readonly { seq: number; point: FailPoint }[]): Pick<Crash, 'sizes' | 'faults'> {
  const path = pathsOf(scenario, seed).find((one) => isSame(one, scenario.path)) ?? scenario.path
  const sizes: number[] = []
  const faults = sites.map(({ seq, point }, batch): PlannedFault => {
    const index = offsetOnto(scenario, seed, path, sizes.reduce((sum, size) => sum + size, 0))
    sizes.push(Math.max(runsPerFailpoint, index + 1))
    return { id: `${point}-${seq}`, kind: 'kill', role: 'worker', slot: 'whoever', trigger: { at: 'failpoint', phase, batch, index, seq, attempt: 1, point }, heal: same }
  })
  return { sizes, faults }
}

function byTheClock({ name }: Scenario): Crash {
  const at = (batch: number, afterMs: number): PlannedFault['trigger'] => ({ at: 'time', phase, batch, afterMs })
  return {
    name: `${name}: recovers when a worker is stopped, when one is killed, when all are, and when one never comes back`,
    id: 'clock', sizes: [runsAtOnce, runsAtOnce, runsAtOnce, runsAtOnce], doubledShare: 0.5,
    faults: [
      { id: 'terminate-one', kind: 'terminate', role: 'worker', slot: 0, trigger: at(0, 200), heal: same },
      { id: 'kill-one', kind: 'kill', role: 'worker', slot: 0, trigger: at(1, 150), heal: same },
      { id: 'kill-all', kind: 'kill', role: 'worker', slot: 'all', trigger: at(2, 400), heal: same },
      { id: 'kill-for-good', kind: 'kill', role: 'worker', slot: 0, trigger: at(3, 300), heal: { afterMs: 0, identity: 'fresh' } },
    ],
    invariants: ['admission', 'effects', 'stability', 'finality', 'start-dedup', 'liveness'],
  }
}

function ofTheStore({ needs }: Driver, { name }: Scenario): Crash[] {
  return !needs.includes('postgres') ? [] : [{
    name: `${name}: outlives a kill of its store`, id: 'store', sizes: [runsAtOnce],
    faults: [{ id: 'restart-store', kind: 'restart', role: 'store', slot: 0, trigger: { at: 'time', phase, batch: 0, afterMs: 250 }, heal: { afterMs: 500, identity: 'same' } }],
    invariants: ['admission', 'effects', 'stability', 'liveness'],
  }]
}

/** Each step is long enough for a worker to fall asleep in the midst of it, whatever the seed. */
const slowSteps: Json = ['one', 'two', 'three'].map((value) => ({ step: 'probe', input: { value, delayMs: 1_200 } }))

/**
 * The other worker is killed as the runs begin, so that the sleeper holds them: of two that poll, one may be a beat behind for good and hold next
 * to nothing. Five seconds are more than any lease of three and two polls.
 */
const asleep: Crash = {
  name: 'records nothing of what a worker does that slept through its lease', id: 'asleep', sizes: [runsAtOnce],
  faults: [
    { id: 'kill-other', kind: 'kill', role: 'worker', slot: 1, trigger: { at: 'time', phase, batch: 0, afterMs: 0 }, heal: same },
    { id: 'pause', kind: 'pause', role: 'worker', slot: 0, trigger: { at: 'time', phase, batch: 0, afterMs: 2_500 }, heal: { afterMs: 5_000, identity: 'same' } },
  ],
  invariants: ['fencing', 'finality', 'stability', 'liveness'],
}
