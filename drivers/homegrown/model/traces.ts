// Random walks through the model, as a list of what the store did on the way. A change of ownership is carried out in one go:
// interleavings of its statements are for the exploration, a single connection could not replay them.
import { random } from '../../../contract/random.ts'
import { transitions } from './actions.ts'
import type { StoreEvent } from './events.ts'
import type { Plan } from './plans.ts'
import { initialState, type State } from './state.ts'

export interface TraceStep {
  readonly label: string
  /** null: nothing of it reaches the store. */
  readonly event: StoreEvent | null
  readonly before: State
  readonly after: State
}

const longest = 80
/** Of four steps three are such as will happen if only everyone goes on: else most walks would end with everybody dead. */
const urgency = 0.75

/** The same seed walks the same way. */
export function walk(plan: Plan, seed: number): TraceStep[] {
  const chance = random(seed, plan.name)
  const trace: TraceStep[] = []
  let state = initialState(plan)
  while (trace.length < longest) {
    const all = transitions(state, { plan, defects: new Set() }).filter(({ next }) => next.late.every(({ kind }) => kind === 'batch'))
    const offered = state.transactions.length > 0 ? all.filter(({ next }) => next.transactions.length === 0) : all
    if (offered.length === 0) break
    const urgent = chance.next() < urgency ? offered.filter((transition) => transition.urgent) : []
    const among = urgent.length > 0 ? urgent : offered
    const { label, event, next } = among[chance.below(among.length)]!
    trace.push({ label, event, before: state, after: next })
    state = next
  }
  return trace
}
