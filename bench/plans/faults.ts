// `durabench faults`: what crashes don't show. Each fault has points of its own, and controls where it has them, so that one which this
// machine can't do leaves the others whole.
import type { Plan } from '../../contract/plan.ts'
import { clockStep } from './faults/clock-step.ts'
import { diskFull } from './faults/disk-full.ts'
import { failover } from './faults/failover.ts'
import type { FaultPlan } from './faults/fault-point.ts'
import { failingFsync, slowFsync } from './faults/fsync.ts'
import { cpuHog, fsyncHog } from './faults/neighbours.ts'
import { outOfMemory } from './faults/out-of-memory.ts'
import { partition, partitionIn, partitionOut } from './faults/partition.ts'
import { powerCut } from './faults/power-cut.ts'
import { serverParts } from './faults/server-parts.ts'
import { toxics } from './faults/toxics.ts'
import type { PlanOptions } from './options.ts'

/** By the names that --only and --require-faults take; they are also the legs of the points. */
export const faultPlans: Readonly<Record<string, FaultPlan>> = {
  'power-cut': powerCut, 'disk-full': diskFull, 'slow-fsync': slowFsync, 'failing-fsync': failingFsync, 'clock-step': clockStep,
  'out-of-memory': outOfMemory, failover, 'cpu-hog': cpuHog, 'fsync-hog': fsyncHog,
  partition, 'partition-out': partitionOut, 'partition-in': partitionIn, toxics, 'server-parts': serverParts,
}

export function faultsPlan({ seed, drivers, scenarios, workers, minExposures }: PlanOptions, only: readonly string[]): Plan {
  const points = only.flatMap((name) => drivers.flatMap((driver) => scenarios.flatMap((scenario) =>
    faultPlans[name]!(driver, { scenario, workers }).map((point) => (scenarios.length === 1 ? point : { ...point, id: `${point.id}/${scenario}` })))))
  return { schemaVersion: 1, command: 'faults', seed, minExposures, points }
}
