// What a run was started with: made anew from the seed, so that memory need not hold the inputs of all runs, and a log that lost
// one can't excuse anything.
import type { Json } from '../contract/json.ts'
import type { Scenario } from '../contract/scenario.ts'
import type { Evidence } from './evidence.ts'

/** Of a run that a client started. */
export function inputOf({ context: { runId, seed, point } }: Pick<Evidence, 'context'>, scenario: Scenario, id: string): Json {
  return scenario.input(seed, Number(id.slice(runId.length + 1)), point.params)
}
