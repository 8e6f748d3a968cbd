// Judges points' folders again, offline, and decides the exit code that their logs deserve: by the rules of a run, so that a run
// and its check agree.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PointContext } from '../contract/context.ts'
import type { InvariantResult, PointResult, Verdict } from '../contract/result.ts'
import { checkPoint } from '../oracle/check.ts'
import { decideExit } from './exit.ts'
import { knownFindings } from './judge.ts'
import { UsageError } from './usage.ts'

export interface CheckedPoint {
  readonly id: string
  readonly driver: string
  readonly state: PointResult['state']
  readonly why: string
  readonly expect: 'pass' | 'fail'
  readonly verdict: Verdict
  readonly invariants: readonly InvariantResult[]
}

export async function checkFolders(folders: readonly string[], acceptFindings: boolean): Promise<{ points: CheckedPoint[]; exitCode: number; reasons: string[] }> {
  const points: CheckedPoint[] = []
  const least: number[] = []
  for (const folder of folders) {
    const { point, minExposures } = readContext(folder)
    const { verdict, invariants } = await checkPoint(folder, { knownFindings: knownFindings() })
    points.push({ id: point.id, driver: point.driver, state: 'done', why: '', expect: point.expect, verdict, invariants })
    least.push(minExposures)
  }
  const drivers = [...new Set(points.map(({ driver }) => driver))].map((name) => ({ name, skipped: '' }))
  const { exitCode, reasons } = decideExit({ plan: { minExposures: Math.max(0, ...least) }, points, drivers, required: [], acceptFindings, interrupted: false })
  return { points, exitCode, reasons }
}

function readContext(folder: string): PointContext {
  const file = join(folder, 'point.json')
  try {
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as PointContext
  } catch (error) {
    throw new UsageError(`expected ${file} to be JSON, found: ${(error as Error).message}; without it nothing says what the logs beside it are of`)
  }
  throw new UsageError(`expected ${file}, found none; name a run's folder or a point's`)
}
