// From a point's logs to its result: the oracle's verdicts, and the figures that they allow.
import { readFileSync } from 'node:fs'
import type { Point } from '../contract/plan.ts'
import type { KnownFinding, PointResult } from '../contract/result.ts'
import { checkPoint } from '../oracle/check.ts'
import type { Evidence } from '../oracle/evidence.ts'
import { measureMix } from './measure/mix.ts'
import { measurePhases } from './measure/phases.ts'
import { measureRecovery } from './measure/recovery.ts'
import { measureShots } from './measure/shots.ts'
import { measureSurface } from './measure/surface.ts'
import { measureTimeline } from './measure/timeline.ts'
import type { PointLogs } from './point.ts'

/** All but what the runner knows itself. */
export type JudgedPoint = Omit<PointResult, 'planHash' | 'seconds'>

export async function judgePoint(folder: string, point: Point, { phases, bugs, surface }: PointLogs): Promise<JudgedPoint> {
  const { verdict, invariants, duplicates, evidence } = await checkPoint(folder, { knownFindings: knownFindings() })
  const { id, leg, driver, variant, scenario, expect } = point
  const whys = [
    ...(bugs.length === 0 ? [] : [`the driver answered with errors that are neither Rejected nor Unknown: ${bugs[0]}`]),
    ...failedRuns(evidence),
    ...evidence.faults.filter((fault) => fault.skipped).map((fault) => `fault ${fault.fault} was skipped: ${fault.why}`),
  ]
  const faults = measureRecovery(evidence)
  const shots = measureShots(evidence, invariants, faults)
  return {
    id, leg, driver, variant, scenario, expect,
    state: 'done',
    why: whys.join('; '),
    verdict, invariants, duplicates,
    phases: measurePhases(evidence, phases, verdict !== 'fail'),
    faults,
    // Points of a matrix share their services, and are as many as would fill the page.
    timeline: shots === undefined ? measureTimeline(evidence) : null,
    surface: shots === undefined ? measureSurface(evidence, surface) : null,
    mix: measureMix(evidence),
    ...(shots === undefined ? {} : { shots }),
  }
}

/** A body that throws in every run leaves nothing exposed; its own words then say why. Where the scenario says which runs may fail, `outcome` judges. */
function failedRuns({ runs, scenarios }: Evidence): string[] {
  const errors = runs.filter(({ scenario }) => scenarios.get(scenario)?.objection === undefined).flatMap(({ id, seen }) => seen.slice(-1).flatMap(({ outcome }) => (outcome.status === 'failed' ? [`${id} with ${outcome.error.code}: ${outcome.error.message}`] : [])))
  return errors.length === 0 ? [] : [`${errors.length} of ${runs.length} runs failed, the first being ${errors[0]!.slice(0, 300)}`]
}

/** findings.json of this package: violations of real engines that are understood. */
export function knownFindings(): readonly KnownFinding[] {
  return JSON.parse(readFileSync(new URL('../findings.json', import.meta.url), 'utf8')) as KnownFinding[]
}
