// bare-steps: see workflow.ts. Parameters: steps (default 10), payloadBytes (default 200).
import type { Scenario } from '../../contract/scenario.ts'
import { bareSteps, type BareInput } from './workflow.ts'
import { steps } from './steps.ts'

export const scenario: Scenario = {
  name: 'bare-steps',
  version: '1',
  about: 'No real agent: what an engine charges for a step when the step itself is free. The upper bound of every rate.',
  workflow: bareSteps,
  steps,
  transactions: {},
  input: (_seed, _index, params) => {
    const { steps: n = 10, payloadBytes = 200 } = (params ?? {}) as Partial<BareInput>
    return { steps: n, payloadBytes }
  },
  signals: () => [],
  livenessMs: 60_000,
  path: Array.from({ length: 10 }, () => 'noop'),
  keptCents: () => null,
}
