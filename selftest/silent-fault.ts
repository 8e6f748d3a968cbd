// A fault that silently does nothing must not count as one that an engine survived: the run that planned it can't support its
// claim, and says so (13).
import type { Driver } from '../contract/driver.ts'
import type { Point } from '../contract/plan.ts'
import { decideExit, exitCodes } from '../bench/exit.ts'
import { exposing, killAfter } from './exposing.ts'
import { minExposures, play, type Place } from './play.ts'

/** Nobody is there to be killed. */
const nobody = 7

const point: Point = exposing({ name: 'silent-fault', runs: 8, params: { approvalTimeoutMs: 500 }, faults: [killAfter(nobody, 100)], invariants: ['claimed', 'liveness'] })

/** @returns what is wrong with how it was judged; empty: nothing */
export async function trySilentFault(honest: Driver, place: Place): Promise<readonly string[]> {
  const judged = await play(point, honest, place)
  const { exitCode, reasons } = decideExit({
    plan: { minExposures }, points: [judged], drivers: [{ name: honest.name, skipped: '' }], required: [], acceptFindings: false, interrupted: false,
  })
  return [
    ...(exitCode === exitCodes.invalid ? [] : [`expected exit code ${exitCodes.invalid} of a run whose only fault hit nobody, found ${exitCode}`]),
    ...(reasons.some((reason) => reason.includes('claimed')) ? [] : [`expected claimed to be called unknown, found: ${reasons.join('; ') || 'nothing'}`]),
    ...(judged.why.includes('was skipped') ? [] : [`expected the fault to be told as skipped, found: ${judged.why || 'nothing'}`]),
  ]
}
