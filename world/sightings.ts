// Who was seen to have an effect, by step and in order: chaos waits here for "the nth charge". Kept for the whole run
// (three values per effect), so that asking late gives the same answer as asking early.

interface Sighting {
  readonly workflow: string
  readonly seq: number
  readonly t: number
}

export interface Sightings {
  note(step: string, sighting: Sighting): void
  /** Calls back once; gives back how to stop waiting, or null if it had happened already. */
  nth(step: string, nth: number, then: (sighting: Sighting) => void): (() => void) | null
}

export function createSightings(): Sightings {
  const steps = new Map<string, { seen: Sighting[]; waiting: Map<number, Set<(sighting: Sighting) => void>> }>()

  function of(step: string) {
    let found = steps.get(step)
    if (found === undefined) steps.set(step, (found = { seen: [], waiting: new Map() }))
    return found
  }

  return {
    note(step, sighting) {
      const { seen, waiting } = of(step)
      seen.push(sighting)
      for (const then of waiting.get(seen.length) ?? []) then(sighting)
      waiting.delete(seen.length)
    },
    nth(step, nth, then) {
      const { seen, waiting } = of(step)
      const already = seen[nth - 1]
      if (already !== undefined) {
        then(already)
        return null
      }
      const waiters = waiting.get(nth) ?? new Set()
      waiting.set(nth, waiters.add(then))
      return () => waiters.delete(then)
    },
  }
}
