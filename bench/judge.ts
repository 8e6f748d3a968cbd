// From a point's logs to its result: the oracle's verdicts, and the figures that they allow.
import { readFileSync } from 'node:fs'
import type { Point } from '../contract/plan.ts'
import type { KnownFinding, PointResult } from '../contract/result.ts'
import { checkPoint } from '../oracle/check.ts'
import type { Evidence } from '../oracle/evidence.ts'
import { measureMix } from './measure/mix.ts'
import { measurePhases } from './measure/phases.ts'
import { measureRecovery } from './measure/recovery.ts'
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
  return {
    id, leg, driver, variant, scenario, expect,
    state: 'done',
    why: whys.join('; '),
    verdict, invariants, duplicates,
    phases: measurePhases(evidence, phases, verdict !== 'fail'),
    faults: measureRecovery(evidence),
    timeline: measureTimeline(evidence),
    surface: measureSurface(evidence, surface),
    mix: measureMix(evidence),
  }
}

/** A body that throws in every run leaves nothing exposed; its own words then say why. */
function failedRuns({ runs }: Evidence): string[] {
  const errors = runs.flatMap(({ id, seen }) => seen.slice(-1).flatMap(({ outcome }) => (outcome.status === 'failed' ? [`${id} with ${outcome.error.code}: ${outcome.error.message}`] : [])))
  return errors.length === 0 ? [] : [`${errors.length} of ${runs.length} runs failed, the first being ${errors[0]!.slice(0, 300)}`]
}

/** findings.json of this package: violations of real engines that are understood. */
export function knownFindings(): readonly KnownFinding[] {
  return JSON.parse(readFileSync(new URL('../findings.json', import.meta.url), 'utf8')) as KnownFinding[]
}
