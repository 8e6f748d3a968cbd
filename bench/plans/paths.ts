// The ways that a scenario's runs take, and who takes which: a failpoint is bound to a run that comes by. Found by looking at the
// inputs of the first runs, since only inputs tell.
import type { Scenario } from '../../contract/scenario.ts'

export type Path = Scenario['path']

/** So many runs are looked at: a way that none of them takes is a rare one. */
const sampled = 64

/** The scenario's own path first; none twice. */
export function pathsOf(scenario: Scenario, seed: number): Path[] {
  const paths = [scenario.path]
  for (let index = 0; index < sampled; index++) {
    const path = pathOf(scenario, seed, index)
    if (!paths.some((other) => isSame(other, path))) paths.push(path)
  }
  return paths
}

/** How far after run `first` the next one is that takes that path, and that the outside does not cancel: another may never come by. */
export function offsetOnto(scenario: Scenario, seed: number, path: Path, first: number): number {
  for (let offset = 0; offset < 16 * sampled; offset++) {
    const index = first + offset
    if (isSame(pathOf(scenario, seed, index), path) && (scenario.cancels?.(seed, index) ?? null) === null) return offset
  }
  throw new Error(`expected a run of ${scenario.name} from ${first} on to take the path ${path.join(', ')} uncancelled, found none among ${16 * sampled}; look at its pathOf and cancels`)
}

/** Do these two paths have the same beginning, so many operations long? */
export function isSame(a: Path, b: Path, operations: number = Math.max(a.length, b.length)): boolean {
  return Array.from({ length: operations }, (_, i) => a[i]).every((name, i) => name === b[i])
}

function pathOf(scenario: Scenario, seed: number, index: number): Path {
  return scenario.pathOf?.(scenario.input(seed, index, null)) ?? scenario.path
}
