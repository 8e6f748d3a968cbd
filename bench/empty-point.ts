// Points without a verdict: skipped, interrupted or broken. They are `unknown`, whatever the plan hoped for.
import type { Point } from '../contract/plan.ts'
import type { PointResult } from '../contract/result.ts'

export function emptyPoint(point: Point, planHash: string, state: PointResult['state'], why: string): PointResult {
  const { id, leg, driver, variant, scenario, expect } = point
  return {
    id, planHash, leg, driver, variant, scenario, expect, state, why,
    verdict: 'unknown',
    invariants: [], phases: [], faults: [], timeline: null, surface: null,
    duplicates: { unkeyedEffects: 0, keyedAttempts: 0, bareSteps: 0, crashes: 0, extraModelMicros: 0 },
    seconds: 0,
  }
}

export function brokenPoint(point: Point, planHash: string, error: unknown, seconds: number): PointResult {
  const why = error instanceof Error ? error.message : String(error)
  if (process.env['DURABENCH_STACKS'] === '1' && error instanceof Error) console.error(error.stack)
  return { ...emptyPoint(point, planHash, 'broken', why), seconds }
}
