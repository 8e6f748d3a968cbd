// Runs without faults, many of them: an oracle that ever objects here is wrong, or an engine is. `claimed` is checked but not
// named: only a fault can tempt an engine to run a recorded step again.
import type { Plan } from '../../contract/plan.ts'
import { exposedOf } from './crash.ts'
import type { PlanOptions } from './options.ts'

/** Temporal makes some 60 steps a second on two cores. */
const workflowsOf = (driver: string): number => (driver === 'temporal' ? 50 : 200)

export function cleanPlan({ seed, drivers, scenarios, workers, minExposures }: PlanOptions, runs: number): Plan {
  const points = drivers.flatMap((driver) => scenarios.flatMap((scenario) => Array.from({ length: runs }, (_, run) => ({
    id: `clean/${driver}${scenario === 'purchase' ? '' : `/${scenario}`}/${run + 1}`, leg: 'clean', driver, variant: 'default', scenario, params: null,
    workers,
    load: {
      phases: [{ name: 'clean', kind: 'batches', sizes: [workflowsOf(driver)] }] as const,
      followedShare: 1, doubledShare: 0.3, callDeadlineMs: 20_000,
    },
    chaos: { faults: [], operatorAfterMs: 0 },
    invariants: exposedOf(scenario).filter((name) => name !== 'claimed'),
    expect: 'pass' as const,
    bareLedger: 'on' as const,
    capSeconds: 180,
  }))))
  return { schemaVersion: 1, command: 'clean', seed, minExposures, points }
}
