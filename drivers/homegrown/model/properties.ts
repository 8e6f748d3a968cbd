// What must hold in every state that can be reached. Some breaches are seen by the transition that commits them (`wrong`), since
// the state afterwards no longer shows them.
import type { State } from './state.ts'
import { endOf, type Model } from './store.ts'

type Property = (state: State, model: Model) => boolean

const always: Readonly<Record<string, Property>> = {
  'an open run belongs to nobody or to a worker that is not fenced': ({ runs, workers }) =>
    runs.every(({ owner }) => owner === null || owner <= 0 || workers[owner - 1]?.fenced === false),
  'what was told is durable': ({ told, runs }) => told.every((values, run) => values.every((value, seq) => value === null || value === runs[run]!.journal[seq])),
  'an id has one run': ({ runs, keys, told }, { plan }) =>
    runs.every(({ owner }, run) => keys[plan.runs[run]!] === run || (owner === null && told[run]![0] === null)),
  'a run is open until its end is recorded': ({ runs, keys }, { plan }) =>
    runs.every(({ owner, journal }, run) => keys[plan.runs[run]!] !== run || (owner === null) === (journal[endOf(plan)] !== null)),
  'a signal is consumed with a row of the wait': ({ runs }) =>
    runs.every(({ signal, journal }) => journal.every((value, seq) => (value === 'signal') === (signal === seq))),
}

/** @returns the name of a property that does not hold */
export function broken(state: State, model: Model): string | null {
  if (state.wrong !== null) return state.wrong
  for (const [name, holds] of Object.entries(always)) if (!holds(state, model)) return name
  return null
}

/** Where nothing urgent is left to do: every open run is in the memory of its living owner, and waits for what nobody has sent. */
export const goesOn = 'a run goes on as long as some worker lives'

export function isStuck({ processes, workers, runs }: State): boolean {
  const works = (worker: number): boolean => processes[worker]?.life === 'alive' && workers[worker]?.fenced === false
  if (!processes.some((_, worker) => works(worker))) return false
  return runs.some(({ owner, signal, cancel }, run) => {
    if (owner === null) return false
    if (owner === -1) return signal === 'open' || cancel
    const body = works(owner - 1) ? processes[owner - 1]!.bodies[run] : null
    return body == null || !body.waiting || signal === 'open' || cancel
  })
}
