// children: see workflow.ts. Parameter: readingMs (default 200), how long a researcher reads.
import { random } from '../../contract/random.ts'
import type { PlannedCancel, Scenario } from '../../contract/scenario.ts'
import { children, type Brief, type TeamOutput } from './workflow.ts'
import { steps } from './steps.ts'

/** Two of five runs are called off, at any time from the first purchase to after the end. */
function cancels(seed: number, index: number): PlannedCancel | null {
  return index % 5 < 3 ? null : { afterMs: random(seed, `children/cancel/${index}`).below(600) }
}

export const scenario: Scenario = {
  name: 'children',
  version: '1',
  about: 'A research team: an orchestrator buys a licence and computing time, asks two specialists, each of whom asks two researchers who search, read and take notes; then it reports. Some users call it off half-way: then the whole team must stop, and what was bought goes back. Seven agents on three levels, whose calls cost money each.',
  workflow: children,
  steps,
  transactions: {},
  input: (seed, index, params): Brief => {
    const r = random(seed, `children/input/${index}`)
    const { readingMs = 200 } = (params ?? {}) as { readonly readingMs?: number }
    return { role: 'orchestrator', customer: `customer-${r.below(1_000)}@example.org`, licenceCents: 100 + r.below(5_000), computeCents: 100 + r.below(5_000), readingMs }
  },
  signals: () => [],
  cancels,
  compensations: { 'buy-licence': 'return-licence', 'buy-compute': 'return-compute' },
  livenessMs: 60_000,
  path: ['buy-licence', 'buy-compute', 'plan', null, null, 'report'],
  keptCents: (output) => (output as TeamOutput).keptCents,
}
