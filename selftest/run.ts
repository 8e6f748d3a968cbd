// Plays each mutant and its honest twin under the same plan: the mutant must fail by the invariant that was named for it, the
// twin must pass. Both halves matter: an oracle that objects to everything catches every mutant too.
import type { Driver } from '../contract/driver.ts'
import type { Point } from '../contract/plan.ts'
import { createPointFolder } from '../bench/folder.ts'
import { judgePoint, type JudgedPoint } from '../bench/judge.ts'
import { playPoint } from '../bench/point.ts'
import type { Guard } from '../processes/guard.ts'
import type { Addresses } from '../services/index.ts'
import type { Mutant } from './mutant.ts'

export interface SelftestOptions {
  readonly seed: number
  readonly folder: string
  readonly guard: Guard
  readonly addresses: Addresses
  readonly onStage: (what: string) => void
}

export interface MutantResult {
  readonly mutant: Mutant
  readonly mutated: JudgedPoint
  readonly twin: JudgedPoint
  /** Empty: caught by the named invariant, and the twin passed. */
  readonly objections: readonly string[]
}

export async function tryMutant(mutant: Mutant, honest: Driver, options: SelftestOptions): Promise<MutantResult> {
  const mutated = await play({ ...named(mutant.point, 'mutant'), expect: 'fail' }, mutant.mutate(honest), options)
  const twin = await play(named(mutant.point, 'twin'), honest, options)
  return { mutant, mutated, twin, objections: [...missed(mutant, mutated), ...wronged(mutant, twin)] }
}

async function play(point: Point, driver: Driver, { seed, folder, guard, addresses, onStage }: SelftestOptions): Promise<JudgedPoint> {
  const pointFolder = createPointFolder(folder, point.id)
  const logs = await playPoint({
    seed, minExposures: 1, point, driver, folder: pointFolder, guard, addresses,
    onProgress: () => undefined,
    onStage: (what) => onStage(`${point.id}: ${what}`),
  })
  return judgePoint(pointFolder, point, logs)
}

function named(point: Point, what: string): Point {
  return { ...point, id: `${point.id}/${what}` }
}

function missed({ caughtBy }: Mutant, { invariants, faults }: JudgedPoint): string[] {
  const objected = invariants.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name)
  const unproved = faults.filter((fault) => !fault.proved).map((fault) => `fault ${fault.fault} was not proved: ${fault.note}`)
  if (objected.includes(caughtBy)) return unproved
  return [`not caught by ${caughtBy}; ${objected.length === 0 ? 'nothing objected' : `only ${objected.join(', ')} objected`}`, ...unproved]
}

function wronged({ caughtBy }: Mutant, { invariants, faults }: JudgedPoint): string[] {
  const objections = invariants.filter(({ verdict }) => verdict !== 'pass').map(({ name, verdict, why }) => `the honest twin: ${name} is ${verdict}: ${why}`)
  const exposures = invariants.find(({ name }) => name === caughtBy)?.exposures ?? 0
  return [
    ...objections,
    ...(exposures === 0 ? [`the plan exposes nothing to ${caughtBy}: a pass of the twin says nothing`] : []),
    ...faults.filter((fault) => !fault.proved).map((fault) => `the honest twin: fault ${fault.fault} was not proved: ${fault.note}`),
  ]
}
