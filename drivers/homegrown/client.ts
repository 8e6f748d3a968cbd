// The engine's client in the contract's terms. Deadlines are kept by worker/checked.ts; the engine itself asks on until it knows.
import type { Client } from '../../contract/driver.ts'
import type { Json } from '../../contract/json.ts'
import type { Outcome } from '../../contract/outcome.ts'
import { isNamed, Unknown } from '../../contract/errors.ts'
import type { Worker } from './engine/index.ts'

type EngineClient = Pick<Worker, 'start' | 'outcome' | 'outcomes' | 'signal' | 'cancel'>

/** `tenantOf`: whose run it is; undefined: nobody's, and it waits for no room. */
export function asClient(engine: EngineClient, close: () => Promise<void>, tenantOf: (scenario: string, input: Json) => string | undefined = () => undefined): Client {
  return {
    start({ scenario, id, input }) {
      const tenant = tenantOf(scenario, input)
      return engine.start(scenario, id, input, tenant === undefined ? {} : { tenant }).catch(unsure)
    },
    outcome: (id, signal) => engine.outcome(id, signal).then(kept, unsure),
    outcomes: (ids) => engine.outcomes(ids).then((outcomes) => new Map([...outcomes].map(([id, outcome]) => [id, kept(outcome)])), unsure),
    signal: ({ id, name, payload, signalId }) => engine.signal(id, name, payload, signalId).catch(unsure),
    cancel: (id) => engine.cancel(id).catch(unsure),
    [Symbol.asyncDispose]: close,
  }
}

/** The harness drops no history, so this is only ever another's doing. */
function kept(outcome: Awaited<ReturnType<EngineClient['outcome']>>): Outcome {
  if (outcome.status === 'forgotten') throw new Unknown('the run has ended, and its history was dropped by retention')
  return outcome
}

/** What the engine does not reject for sure may have happened. */
function unsure(error: unknown): never {
  if (isNamed(error, 'Rejected') || isNamed(error, 'Unknown')) throw error
  throw new Unknown(error instanceof Error ? error.message : String(error))
}
