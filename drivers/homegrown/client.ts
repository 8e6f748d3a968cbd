// The engine's client in the contract's terms. Deadlines are kept by worker/checked.ts; the engine itself asks on until it knows.
import type { Client } from '../../contract/driver.ts'
import type { Outcome } from '../../contract/outcome.ts'
import { isNamed, Unknown } from '../../contract/errors.ts'
import type { Worker } from './engine/index.ts'

type EngineClient = Pick<Worker, 'start' | 'outcome' | 'outcomes' | 'signal' | 'cancel'>

export function asClient(engine: EngineClient, close: () => Promise<void>): Client {
  return {
    start: ({ scenario, id, input }) => engine.start(scenario, id, input).catch(unsure),
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
