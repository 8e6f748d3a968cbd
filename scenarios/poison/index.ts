// poison: see workflow.ts. Parameter: deadly (default 2), how many of a point's documents are; each costs several workers.
import { random } from '../../contract/random.ts'
import type { Json } from '../../contract/json.ts'
import type { PlannedSignal, Scenario } from '../../contract/scenario.ts'
import { livesAtMost, steps } from './steps.ts'
import { poison, type Document } from './workflow.ts'

/** One in so many runs, until there were enough of them. */
const every = 25
const defaultDeadly = 2

function deadliness(seed: number, index: number, params: Json): Document['deadly'] {
  const { deadly = defaultDeadly } = (params ?? {}) as { readonly deadly?: number }
  const nth = Math.floor(index / every)
  const draws = random(seed, `poison/deadly/${nth}`)
  return nth < deadly && index % every === draws.below(every) ? (['kill', 'exit'] as const)[nth % 2]! : 'no'
}

/** One in four reviews takes longer than the workers need to fall and rise: a run that only waits must not pay for its neighbour. */
function review(seed: number, index: number, workflowId: string): readonly PlannedSignal[] {
  const r = random(seed, `poison/review/${index}`)
  const afterMs = r.below(4) === 0 ? 4_000 + r.below(8_000) : r.below(800)
  return [{ name: 'review', payload: { approve: r.below(5) > 0 }, signalId: `${workflowId}/review`, afterMs }]
}

export const scenario: Scenario = {
  name: 'poison',
  version: '1',
  about: 'A document agent that meets, now and then, a document that takes its worker down: the parser runs out of memory or crashes in native code, whoever tries it. Every retry and every recovery is another crash, so the engine has to notice and give that one run up, and the innocent runs beside it, at work or waiting for a human, have to come through.',
  workflow: poison,
  steps,
  transactions: {},
  poison: { step: 'parse', isDeadly: (input) => (input as Document).deadly !== 'no', livesAtMost },
  input: (seed, index, params): Document => {
    const customer = `customer-${random(seed, `poison/input/${index}`).below(1_000)}@example.org`
    return { customer, name: `document ${index}`, deadly: deadliness(seed, index, params) }
  },
  signals: review,
  objection: (input, { status }) => {
    const isDeadly = (input as Document).deadly !== 'no'
    if (isDeadly) return status === 'completed' ? 'a document was delivered that takes down whoever parses it' : null
    return status === 'completed' ? null : 'a healthy document was given up'
  },
  livenessMs: 60_000,
  path: ['fetch', 'parse', null, 'deliver'],
  // A failpoint in a run that dies anyhow would prove nothing.
  pathOf: (input) => ((input as Document).deadly === 'no' ? ['fetch', 'parse', null, 'deliver'] : ['fetch']),
  keptCents: () => null,
}
