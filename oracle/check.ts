// Judges one point's folder: reads its logs, checks every invariant, and checks itself on corruptions of those same logs.
import type { KnownFinding, InvariantResult, PointResult, Verdict } from '../contract/result.ts'
import type { Scenario } from '../contract/scenario.ts'
import { scenarios as shipped } from '../scenarios/index.ts'
import { corruptionsIn, type CorruptionReport } from './corruptions/check.ts'
import { duplicatesOf } from './duplicates.ts'
import type { Evidence } from './evidence.ts'
import { invariants } from './invariants/index.ts'
import { readEvidence } from './read/evidence.ts'
import { judge, mergeVerdicts } from './verdict.ts'

export interface CheckOptions {
  /** Default: those that ship. */
  readonly scenarios?: ReadonlyMap<string, Scenario>
  readonly knownFindings?: readonly KnownFinding[]
}

export interface PointCheck {
  readonly verdict: Verdict
  readonly invariants: readonly InvariantResult[]
  readonly duplicates: PointResult['duplicates']
  readonly corruptions: CorruptionReport
  readonly evidence: Evidence
}

/** @throws when the folder has no point.json that can be read; whatever is wrong with its logs becomes a verdict */
export async function checkPoint(folder: string, options: CheckOptions = {}): Promise<PointCheck> {
  return checkEvidence(await readEvidence(folder, options.scenarios ?? shipped), options.knownFindings ?? [])
}

/** The same for evidence that was read already. */
export function checkEvidence(evidence: Evidence, knownFindings: readonly KnownFinding[]): PointCheck {
  const results = invariants.map((invariant) => judge(invariant, evidence, knownFindings))
  const corruptions = corruptionsIn(evidence, results)
  const judged = results.map((result) => (result.name === 'evidence' ? selfChecked(result, corruptions) : result))
  return { verdict: mergeVerdicts(judged.map((result) => result.verdict)), invariants: judged, duplicates: duplicatesOf(evidence), corruptions, evidence }
}

/** A corruption that goes unnoticed says that a pass of these logs proves nothing. */
function selfChecked(result: InvariantResult, { tried, unnoticed }: CorruptionReport): InvariantResult {
  const measures = { ...result.measures, corruptionsTried: tried.length, corruptionsUnnoticed: unnoticed.length }
  if (unnoticed.length === 0 || result.verdict === 'fail') return { ...result, measures }
  return { ...result, measures, verdict: 'unknown', why: `the oracle did not notice an illegal change of these logs: ${unnoticed.map(({ name, invariant }) => `${name} (${invariant})`).join(', ')}` }
}
