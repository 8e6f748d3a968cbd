// What the twins exposed: for each kind of fault and each invariant, how many operations were in its vulnerable interval. Where a
// point had several faults, its exposures stand under each of them.
import type { InvariantName } from '../contract/plan.ts'
import type { JudgedPoint } from '../bench/judge.ts'

/** By fault, then by invariant. A point without faults counts under `none`. */
export type Exposures = ReadonlyMap<string, ReadonlyMap<InvariantName, number>>

export function exposuresOf(twins: readonly JudgedPoint[]): Exposures {
  const found = new Map<string, Map<InvariantName, number>>()
  for (const { faults, invariants } of twins) {
    const kinds = new Set(faults.filter(({ proved }) => proved).map(({ kind, role }) => `${kind} ${role}`))
    for (const kind of kinds.size === 0 ? ['none'] : kinds) {
      const row = found.get(kind) ?? new Map<InvariantName, number>()
      found.set(kind, row)
      for (const { name, exposures } of invariants) row.set(name, (row.get(name) ?? 0) + exposures)
    }
  }
  return found
}

/** Invariants as rows, faults as columns. */
export function exposureLines(exposures: Exposures): string[] {
  const kinds = [...exposures.keys()]
  const names = [...new Set(kinds.flatMap((kind) => [...exposures.get(kind)!.keys()]))]
  const wide = Math.max(...names.map((name) => name.length))
  const line = (first: string, cells: readonly string[]): string => `${first.padEnd(wide)}  ${cells.map((cell, i) => cell.padStart(Math.max(kinds[i]!.length, 6))).join('  ')}`
  return [line('', kinds), ...names.map((name) => line(name, kinds.map((kind) => String(exposures.get(kind)!.get(name) ?? 0))))]
}
