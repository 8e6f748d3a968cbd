// Deals shots to batches of runs. Which path a run takes is a matter of its input, so each batch takes the next shot that one of
// its runs comes to; a batch that no shot fits runs without a fault.
import type { Json } from '../../contract/json.ts'
import type { Scenario } from '../../contract/scenario.ts'
import { isOn, pathOf, type Site } from './matrix-sites.ts'

export interface Batch {
  readonly size: number
  readonly shot: { readonly site: Site; readonly index: number } | null
}

interface Inputs {
  readonly scenario: Scenario
  readonly seed: number
  readonly params: Json
}

/** A shot that so many batches could not take misses, and shows as a cell that was not fired. */
const patience = 40

export function dealt(shots: readonly Site[], size: number, inputs: Inputs): Batch[] {
  const left = [...shots]
  const batches: Batch[] = []
  for (let idle = 0; left.length > 0 && idle < patience;) {
    const first = batches.length * size
    const fitting = left.findIndex((site) => runFor(site, first, size, inputs) !== null)
    if (fitting === -1) idle++
    else idle = 0
    const [site] = fitting === -1 ? [] : left.splice(fitting, 1)
    batches.push({ size, shot: site === undefined ? null : { site, index: runFor(site, first, size, inputs)! } })
  }
  const placed = batches.slice(0, batches.findLastIndex(({ shot }) => shot !== null) + 1)
  return [...placed, ...left.map((site) => ({ size, shot: { site, index: 0 } }))]
}

/** The place in the batch of a run that comes there and that nobody calls off. */
function runFor(site: Site, first: number, size: number, { scenario, seed, params }: Inputs): number | null {
  for (let index = 0; index < size; index++) {
    if ((scenario.cancels?.(seed, first + index) ?? null) === null && isOn(pathOf(scenario, seed, first + index, params), site)) return index
  }
  return null
}
