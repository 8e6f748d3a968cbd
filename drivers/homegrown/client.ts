// The engine's client in the contract's terms. Deadlines are kept by worker/checked.ts; the engine itself asks on until it knows.
import type { Client } from '../../contract/driver.ts'
import { isNamed, Unknown } from '../../contract/errors.ts'
import type { Worker } from './engine/index.ts'

type EngineClient = Pick<Worker, 'start' | 'outcome' | 'outcomes' | 'signal' | 'cancel'>

export function asClient(engine: EngineClient, close: () => Promise<void>): Client {
  return {
    start: ({ scenario, id, input }) => engine.start(scenario, id, input).catch(unsure),
    outcome: (id, signal) => engine.outcome(id, signal).catch(unsure),
    outcomes: (ids) => engine.outcomes(ids).catch(unsure),
    signal: ({ id, name, payload, signalId }) => engine.signal(id, name, payload, signalId).catch(unsure),
    cancel: (id) => engine.cancel(id).catch(unsure),
    [Symbol.asyncDispose]: close,
  }
}

/** What the engine does not reject for sure may have happened. */
function unsure(error: unknown): never {
  if (isNamed(error, 'Rejected') || isNamed(error, 'Unknown')) throw error
  throw new Unknown(error instanceof Error ? error.message : String(error))
}
