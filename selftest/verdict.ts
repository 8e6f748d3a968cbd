// A mutant must fail by the invariant that was named for it, its twin must pass. Both halves matter: an oracle that objects to
// everything catches every mutant too.
import type { JudgedPoint } from '../bench/judge.ts'
import type { Mutant } from './mutant.ts'

export interface MutantResult {
  readonly mutant: Mutant
  readonly mutated: JudgedPoint
  readonly twin: JudgedPoint
  /** Empty: caught by the named invariant, and the twin passed. */
  readonly objections: readonly string[]
}

export function verdictOn(mutant: Mutant, mutated: JudgedPoint, twin: JudgedPoint): MutantResult {
  return { mutant, mutated, twin, objections: [...missed(mutant, mutated), ...wronged(mutant, twin)] }
}

function missed({ caughtBy }: Mutant, { state, why, invariants, faults }: JudgedPoint): string[] {
  if (state === 'broken') return [`its point broke: ${why}`]
  const objected = invariants.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name)
  const unproved = faults.filter((fault) => !fault.proved).map((fault) => `fault ${fault.fault} was not proved: ${fault.note}`)
  if (objected.includes(caughtBy)) return unproved
  return [`not caught by ${caughtBy}; ${objected.length === 0 ? 'nothing objected' : `only ${objected.join(', ')} objected`}`, ...unproved]
}

function wronged({ caughtBy }: Mutant, { state, why, invariants, faults }: JudgedPoint): string[] {
  if (state === 'broken') return [`the honest twin's point broke: ${why}`]
  const objections = invariants.filter(({ name, verdict, named }) => verdict === 'fail' || (verdict === 'unknown' && (named || name === caughtBy))).map(({ name, verdict, why, findings }) => `the honest twin: ${name} is ${verdict}: ${why}${findings[0] === undefined ? '' : ` (${findings[0].workflowId} ${findings[0].summary})`}`)
  const exposures = invariants.find(({ name }) => name === caughtBy)?.exposures ?? 0
  return [
    ...objections,
    ...(exposures === 0 ? [`the plan exposes nothing to ${caughtBy}: a pass of the twin says nothing`] : []),
    ...faults.filter((fault) => !fault.proved).map((fault) => `the honest twin: fault ${fault.fault} was not proved: ${fault.note}`),
  ]
}
