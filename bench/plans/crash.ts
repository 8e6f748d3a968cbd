// The crash leg: an agent while its workers die at exact points and by the clock, and the store is restarted. Every fault has a
// batch of runs of its own, so the run that a failpoint is bound to meets no other fault.
import { random } from '../../contract/random.ts'
import type { FailPoint } from '../../contract/driver.ts'
import type { InvariantName, Plan, PlannedFault, Point } from '../../contract/plan.ts'
import { ownScenarioNames, scenarios } from '../../scenarios/index.ts'
import { control, type PlanOptions } from './options.ts'
import { isSame, offsetOnto, pathsOf, type Path } from './paths.ts'

/** brief: a share of the bench; full: `durabench crash`, every step at every point. */
type Extent = 'brief' | 'full'

const phase = 'crash'
/** So many begin with a fault, and so many are under way at once that a sleeping worker holds some in each state. */
const batch = { runs: 5, ofPause: 40 }
/** The same of agents whose runs are long or slow, or come in floods. */
const longRuns: Readonly<Record<string, typeof batch>> = { chat: { runs: 2, ofPause: 6 }, 'noisy-neighbour': { runs: 10, ofPause: 30 }, upgrade: { runs: 5, ofPause: 20 }, children: { runs: 5, ofPause: 16 } }
/** Where a body is killed beside its second operation and its end: as it continues as new, and as its next life begins. */
const moreBeginnings: Readonly<Record<string, readonly number[]>> = { chat: [41, 42] }
/** Runs that sleep until the same second, too many for an engine to wake them without any delay. */
const stormOf = (driver: string): number => ({ homegrown: 10_000, dbos: 500, temporal: 100 })[driver] ?? 2_000
/** An engine that tells a dead worker by time-outs alone takes ten and more until a batch is over. */
const capSecondsPerBatch = 20
const stepPoints: readonly FailPoint[] = ['before-effect', 'after-effect', 'after-return']

const crashInvariants: readonly InvariantName[] = [
  'admission', 'effects', 'claimed', 'stability', 'order', 'signals', 'timers', 'finality', 'start-dedup', 'conservation', 'liveness', 'evidence',
]

/** What each agent exposes often enough in a full plan, by scenario; all the rest is checked too. */
const exposedBy: Readonly<Record<string, readonly InvariantName[]>> = {
  'approval-race': [...crashInvariants.filter((name) => name !== 'timers' && name !== 'claimed'), 'races'],
  children: [...crashInvariants.filter((name) => name !== 'timers' && name !== 'signals'), 'cancel', 'orphans'],
  // Of its steps one alone is at the world, and none carries another one's reply.
  transfer: crashInvariants.filter((name) => !['timers', 'signals', 'conservation', 'claimed', 'order'].includes(name)),
  chat: crashInvariants.filter((name) => !['timers', 'conservation', 'start-dedup'].includes(name)),
  'approval-inbox': crashInvariants.filter((name) => !['timers', 'conservation', 'claimed'].includes(name)),
  research: outspoken('timers', 'signals', 'conservation'),
  saga: outspoken('timers', 'signals'),
  'tool-loop': outspoken('timers', 'signals'),
  flaky: outspoken('timers', 'signals', 'conservation'),
  'big-payload': outspoken('timers', 'conservation'),
  'timer-storm': outspoken('signals', 'conservation', 'claimed'),
  'noisy-neighbour': crashInvariants.filter((name) => !['timers', 'signals', 'conservation'].includes(name)),
  poison: outspoken('timers', 'conservation'),
  upgrade: crashInvariants.filter((name) => !['timers', 'conservation', 'claimed'].includes(name)),
}

/** Of agents that say what their inputs can come to. */
function outspoken(...hardlyExposed: readonly InvariantName[]): readonly InvariantName[] {
  return [...crashInvariants.filter((name) => !hardlyExposed.includes(name)), 'outcome']
}

/** What a plan of crashes asks an agent to expose. Of one that is not ours nobody has counted more than what every agent does. */
export function exposedOf(scenario: string): readonly InvariantName[] {
  if (ownScenarioNames.includes(scenario)) return ['admission', 'effects', 'stability', 'finality', 'start-dedup', 'liveness', 'evidence']
  return exposedBy[scenario] ?? crashInvariants
}

/** What `durabench crash` can play: agents, which touch the world. */
export const agents: readonly string[] = ['purchase', ...Object.keys(exposedBy)]

export function crashPlan(options: PlanOptions): Plan {
  const points = options.drivers.flatMap((driver) => options.scenarios.map((scenario) => crashPoint(driver, { ...options, scenarios: [scenario] }, 'full')))
  return { schemaVersion: 1, command: 'crash', seed: options.seed, minExposures: options.minExposures, points }
}

export function crashPoint(driver: string, options: PlanOptions, extent: Extent): Point {
  const scenario = options.scenarios.includes('purchase') ? 'purchase' : options.scenarios[0]!
  const { seed } = options
  const { runs, ofPause } = extent === 'brief' ? { ...batch, runs: 12 } : (longRuns[scenario] ?? batch)
  const unplaced = [...failpoints(scenario, seed, extent), ...timed(driver, extent), ...asleep(scenario, driver, extent), ...pauses(scenario, extent, ofPause), ...deploys(scenario, extent)]
  const sizes: number[] = []
  let first = 0
  const faults = unplaced.map(({ on, sleepers, ...fault }, batch) => {
    const index = on === undefined ? 0 : offsetOnto(scenarios.get(scenario)!, seed, on, first)
    const size = sleepers ?? (fault.kind === 'pause' || fault.kind === 'deploy' ? ofPause : Math.max(runs, index + 1))
    sizes.push(size)
    first += size
    return { ...fault, trigger: { ...fault.trigger, ...(on === undefined ? {} : { index }), batch } } as PlannedFault
  })
  return {
    id: `crash/${driver}${options.scenarios.length === 1 && scenario !== 'purchase' ? `/${scenario}` : ''}`,
    leg: 'crash', driver, variant: 'default', scenario, params: null,
    workers: options.workers,
    load: {
      // The last batch meets no fault: what came before must not have broken the engine.
      phases: [{ name: phase, kind: 'batches', sizes: [...sizes, scenario === 'timer-storm' ? stormOf(driver) : runs] }],
      followedShare: 1, doubledShare: 0.5, callDeadlineMs: 10_000,
    },
    chaos: { faults, operatorAfterMs: 0 },
    invariants: exposedOf(scenario),
    expect: driver === control ? 'fail' : 'pass',
    bareLedger: 'on',
    capSeconds: Math.max(300, capSecondsPerBatch * sizes.length),
  }
}

/** `on`: a failpoint is bound to a run that takes this path. `sleepers`: so many runs are its batch. */
type Unplaced = Omit<PlannedFault, 'trigger'> & { readonly trigger: Record<string, unknown>; readonly on?: Path; readonly sleepers?: number }

function failpoints(name: string, seed: number, extent: Extent): Unplaced[] {
  const scenario = scenarios.get(name)!
  const { path, openEnded } = scenario
  const paths = pathsOf(scenario, seed)
  const steps = paths.flatMap((on, nth) => on.flatMap((step, i) => {
    const isCommon = paths.slice(0, nth).some((other) => isSame(other, on, i + 1))
    return step === null || isCommon ? [] : stepPoints.map((point) => ({ seq: i + 1, point, on, id: `${point}-${i + 1}${nth === 0 ? '' : `-${step}`}` }))
  }))
  const body: { seq: number; point: FailPoint }[] = [
    ...[2, ...moreBeginnings[name] ?? []].map((seq) => ({ seq, point: 'op-begins' as const })),
    ...(openEnded === true ? [] : [{ seq: path.length, point: 'body-returns' as const }]),
  ]
  const all = [...steps, ...body.map(({ seq, point }) => ({ seq, point, on: path, id: `${point}-${seq}` }))]
  const chosen = extent === 'full' ? all : random(seed, 'crash/failpoints').shuffle(all).slice(0, 4)
  return chosen.map(({ seq, point, on, id }) => ({
    id, on, kind: 'kill', role: 'worker', slot: 'whoever',
    trigger: { at: 'failpoint', phase, seq, attempt: 1, point },
    heal: { afterMs: 0, identity: 'same' },
  }))
}

function timed(driver: string, extent: Extent): Unplaced[] {
  const at = (afterMs: number): Record<string, unknown> => ({ at: 'time', phase, afterMs })
  const same = { afterMs: 0, identity: 'same' } as const
  const brief: Unplaced[] = [
    { id: 'kill-one', kind: 'kill', role: 'worker', slot: 0, trigger: at(150), heal: same },
    { id: 'kill-all', kind: 'kill', role: 'worker', slot: 'all', trigger: at(400), heal: same },
    { id: 'restart-store', kind: 'restart', role: 'store', slot: 0, trigger: at(250), heal: { afterMs: 500, identity: 'same' } },
  ]
  if (extent === 'brief') return brief
  return [
    ...brief,
    { id: 'terminate-one', kind: 'terminate', role: 'worker', slot: 1, trigger: at(200), heal: same },
    ...(driver === 'temporal' ? [{ id: 'restart-server', kind: 'restart', role: 'engine-server', slot: 0, trigger: at(250), heal: same } as const] : []),
  ]
}

/** Every worker dies while a storm of timers is on its way: those that came due meanwhile are overdue all at once. */
function asleep(scenario: string, driver: string, extent: Extent): Unplaced[] {
  if (scenario !== 'timer-storm' || extent === 'brief') return []
  return [{
    id: 'kill-all-asleep', kind: 'kill', role: 'worker', slot: 'all', sleepers: stormOf(driver),
    trigger: { at: 'time', phase, afterMs: 4_000 }, heal: { afterMs: 2_000, identity: 'same' },
  }]
}

/** Workers that sleep through their lease in the midst of many runs: who takes those over must not be written over when they wake. */
function pauses(scenario: string, extent: Extent, runs: number): Unplaced[] {
  if (extent === 'brief') return []
  const step = scenarios.get(scenario)?.path.find((name) => name !== null) ?? ''
  return [0, 1].map((slot) => ({
    id: `pause-${slot}`, kind: 'pause', role: 'worker', slot,
    trigger: { at: 'event', phase, step, nth: runs / 2 },
    heal: { afterMs: 5_000, identity: 'same' },
  }))
}

/** A new version over runs in flight, taken back over runs that it began, and deployed again, so that in the end both versions live. */
function deploys(scenario: string, extent: Extent): Unplaced[] {
  const { bodies, version } = scenarios.get(scenario)!
  const next = Object.keys(bodies ?? {})[0]
  if (extent === 'brief' || next === undefined) return []
  return [next, version, next].map((version, i) => ({
    id: ['deploy', 'roll-back', 'deploy-again'][i]!, kind: 'deploy', role: 'worker', slot: 1, version,
    trigger: { at: 'time', phase, afterMs: 1_500 }, heal: { afterMs: 0, identity: 'fresh' },
  }))
}
