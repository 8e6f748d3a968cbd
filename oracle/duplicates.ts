// What at-least-once cost: every run of a step beyond its first, zombies' included, by what it touched. Money is what the
// ledger knows of it.
import type { PointResult } from '../contract/result.ts'
import type { Evidence } from './evidence.ts'
import { plainRuns } from './plain.ts'
import { stepsOf } from './steps.ts'

const crashes: ReadonlySet<string> = new Set(['kill', 'terminate', 'restart'])

export function duplicatesOf(evidence: Evidence): PointResult['duplicates'] {
  const plain = plainRuns(evidence)
  let unkeyedEffects = 0
  let keyedAttempts = 0
  let bareSteps = 0
  let extraModelMicros = 0
  for (const run of evidence.runs) {
    if (plain[run.index] === 1) continue
    for (const attempts of stepsOf(evidence, run).bySeq.values()) {
      const atWorld = attempts.flatMap((attempt) => attempt.world ?? [])
      bareSteps += Math.max(0, attempts.length - atWorld.length - 1)
      if (atWorld.some((attempt) => attempt.key !== null)) keyedAttempts += atWorld.length - 1
      else {
        const extra = atWorld.flatMap((attempt) => attempt.applied).slice(1)
        unkeyedEffects += extra.length
        for (const { micros } of extra) extraModelMicros += micros ?? 0
      }
    }
  }
  return {
    unkeyedEffects, keyedAttempts, bareSteps,
    crashes: evidence.faults.filter((fault) => fault.appliedMs !== null && !fault.skipped && crashes.has(fault.kind)).length,
    extraModelMicros,
  }
}
