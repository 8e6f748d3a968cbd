// The default plan of `npm run bench`: for each engine (a) rate, ended by killing every worker at full load; (b) the agent at a
// modest rate, for latency; (c) the agent while workers are killed and the store is restarted. The volatile control plays
// the same legs and must fail those with a kill.
import type { InvariantName, Plan, Point } from '../../contract/plan.ts'
import { crashPoint } from './crash.ts'
import { control, type PlanOptions } from './options.ts'

const everywhere: readonly InvariantName[] = ['admission', 'effects', 'claimed', 'stability', 'order', 'finality', 'liveness', 'evidence']

export function benchPlan(options: PlanOptions): Plan {
  const points = options.drivers.flatMap((driver) => [
    ...(options.scenarios.includes('bare-steps') ? [ratePoint(driver, options)] : []),
    ...(options.scenarios.includes('purchase') ? [agentPoint(driver, options), crashPoint(driver, options, 'brief')] : []),
  ])
  return { schemaVersion: 1, command: 'bench', seed: options.seed, minExposures: options.minExposures, points }
}

function ratePoint(driver: string, { seconds, workers }: PlanOptions): Point {
  // The control makes evidence a hundred times faster than it can be of interest.
  const windowSeconds = driver === control ? Math.min(seconds, 1) : seconds
  const concurrency = { from: 'calibrate', secondsOfWork: 1, atLeast: 16, atMost: 512, wholeRuns: 2 }
  // Killed at full load: enough runs in flight to decide something.
  const exposed = { ...concurrency, atLeast: 40, wholeRuns: 0 }
  return {
    id: `rate/${driver}`, leg: 'rate', driver, variant: 'default', scenario: 'bare-steps', params: { steps: 10, payloadBytes: 200 },
    workers,
    load: {
      phases: [
        { name: 'calibrate', aside: true, kind: 'closed', concurrency: 8, seconds: Math.min(3, windowSeconds), warmupSeconds: 1 },
        { name: 'closed', kind: 'closed', concurrency, seconds: windowSeconds, warmupSeconds: 1 },
        { name: 'open', kind: 'open', rate: { shareOf: 'closed', share: 0.5 }, seconds: windowSeconds, warmupSeconds: 1 },
        { name: 'full-load', aside: true, kind: 'closed', concurrency: exposed, seconds: Math.min(4, windowSeconds), warmupSeconds: 0 },
      ],
      followedShare: 0.1, doubledShare: 0, callDeadlineMs: 10_000,
    },
    chaos: {
      faults: [{ id: 'kill-all', kind: 'kill', role: 'worker', slot: 'all', trigger: { at: 'time', phase: 'full-load', afterMs: Math.min(4, windowSeconds) * 600 }, heal: { afterMs: 0, identity: 'same' } }],
      operatorAfterMs: 0,
    },
    invariants: everywhere,
    expect: driver === control ? 'fail' : 'pass',
    bareLedger: 'on',
    capSeconds: 180,
  }
}

function agentPoint(driver: string, { workers }: PlanOptions): Point {
  return {
    id: `agent/${driver}`, leg: 'agent', driver, variant: 'default', scenario: 'purchase', params: null,
    workers,
    load: {
      phases: [{ name: 'agent', kind: 'open', rate: { perSecond: 4 }, seconds: 11, warmupSeconds: 1 }],
      followedShare: 1, doubledShare: 0.25, callDeadlineMs: 10_000,
    },
    chaos: { faults: [], operatorAfterMs: 0 },
    invariants: [...everywhere, 'signals', 'timers', 'start-dedup', 'conservation'],
    // Even without a kill: what it keeps is not shared by its workers, and gone after a restart.
    expect: driver === control ? 'fail' : 'pass',
    bareLedger: 'on',
    capSeconds: 120,
  }
}
