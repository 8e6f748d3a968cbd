// Judges points' folders again, offline, and decides the exit code that their logs deserve.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PointContext } from '../contract/context.ts'
import type { InvariantResult, Verdict } from '../contract/result.ts'
import { checkPoint } from '../oracle/check.ts'
import { exitCodes } from './exit.ts'
import { knownFindings } from './judge.ts'

export interface CheckedPoint {
  readonly id: string
  readonly expect: 'pass' | 'fail'
  readonly verdict: Verdict
  readonly invariants: readonly InvariantResult[]
}

export async function checkFolders(folders: readonly string[], acceptFindings: boolean): Promise<{ points: CheckedPoint[]; exitCode: number; reasons: string[] }> {
  const points: CheckedPoint[] = []
  for (const folder of folders) {
    const { point } = JSON.parse(readFileSync(join(folder, 'point.json'), 'utf8')) as PointContext
    const { verdict, invariants } = await checkPoint(folder, { knownFindings: knownFindings() })
    points.push({ id: point.id, expect: point.expect, verdict, invariants })
  }
  const accepted = ({ findings }: InvariantResult): boolean => acceptFindings && findings.length > 0 && findings.every((finding) => finding.known !== undefined)
  const violations = points.filter(({ expect }) => expect === 'pass').flatMap(({ id, invariants }) =>
    invariants.filter((invariant) => invariant.verdict === 'fail' && !accepted(invariant))
      .map(({ name, findings, why }) => `${id} violates ${name}: ${findings[0]?.workflowId ?? ''} ${findings[0]?.summary ?? why}`))
  const undecided = points.flatMap(({ id, expect, verdict }) => {
    if (expect === 'fail') return verdict === 'fail' ? [] : [`the control ${id} was not caught`]
    return verdict === 'unknown' ? [`${id} is unknown`] : []
  })
  const exitCode = violations.length > 0 ? exitCodes.violation : undecided.length > 0 ? exitCodes.invalid : exitCodes.ok
  return { points, exitCode, reasons: [...violations, ...undecided] }
}
