// Looks at every state within a plan's bounds, breadth first: the first counter-example is a shortest one. States are kept as
// hashes, with the way to each, and whole only while they wait for their turn.
import { transitions } from './actions.ts'
import { broken, goesOn, isStuck } from './properties.ts'
import { initialState, keyOf, type State } from './state.ts'
import type { Model } from './store.ts'

export interface Exploration {
  readonly states: number
  readonly transitions: number
  readonly depth: number
  /** How many transitions showed each of the interesting things. */
  readonly coverage: ReadonlyMap<string, number>
  readonly violation: { readonly property: string; readonly trace: readonly string[] } | null
}

/** @throws when there are more than `maxStates`: a bound that was meant to be small is not */
export function explore(model: Model, maxStates = 1_000_000): Exploration {
  const first = initialState(model.plan)
  const places = new Map<string, number>([[keyOf(first), 0]])
  const parents: number[] = [-1]
  const labels: string[] = ['']
  const coverage = new Map<string, number>()
  let layer: (readonly [place: number, state: State])[] = [[0, first]]
  let count = 0
  let depth = 0
  const found = (property: string, place: number): Exploration => ({ states: places.size, transitions: count, depth, coverage, violation: { property, trace: way(place, parents, labels) } })

  for (; layer.length > 0; depth++) {
    const next: (readonly [number, State])[] = []
    for (const [place, state] of layer) {
      const offered = transitions(state, model)
      if (!offered.some(({ urgent }) => urgent) && isStuck(state)) return found(goesOn, place)
      for (const transition of offered) {
        count++
        for (const name of transition.covered) coverage.set(name, (coverage.get(name) ?? 0) + 1)
        const key = keyOf(transition.next)
        if (places.has(key)) continue
        const at = places.size
        places.set(key, at)
        parents.push(place)
        labels.push(transition.label)
        const property = broken(transition.next, model)
        if (property !== null) return found(property, at)
        next.push([at, transition.next])
      }
      if (places.size > maxStates) throw new Error(`expected at most ${maxStates} states in plan '${model.plan.name}', found more at depth ${depth}; make its bounds smaller`)
    }
    layer = next
  }
  return { states: places.size, transitions: count, depth, coverage, violation: null }
}

function way(place: number, parents: readonly number[], labels: readonly string[]): string[] {
  const trace = []
  for (let at = place; at > 0; at = parents[at]!) trace.unshift(labels[at]!)
  return trace
}
