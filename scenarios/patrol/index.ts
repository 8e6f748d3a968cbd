// patrol: see workflow.ts. Parameters: looks (default 10), lookMs (500) and timeoutMs (3,000), the time-out of each look.
import type { Scenario } from '../../contract/scenario.ts'
import { lookWithin, steps } from './steps.ts'
import { patrol, type PatrolInput } from './workflow.ts'

/** A look is slow enough for a dozen runs to leave every engine at ease on two cores: a queue would be measured as a standstill. */
const defaults = { looks: 10, lookMs: 500, timeoutMs: 3_000 }

export const scenario: Scenario = {
  name: 'patrol',
  version: '1',
  about: 'An agent that keeps watch: it looks at a dashboard or a mailbox, again and again, and reports at the end. It is never idle, so that every second for which nobody looks after its run can be seen from outside.',
  workflow: patrol,
  steps,
  transactions: {},
  input: (_seed, _index, params): PatrolInput => {
    const { looks, lookMs, timeoutMs } = { ...defaults, ...(params as Partial<typeof defaults> | null) }
    return { looks, lookMs, look: lookWithin(timeoutMs) }
  },
  signals: () => [],
  livenessMs: 60_000,
  path: [...Array.from({ length: defaults.looks }, () => lookWithin(defaults.timeoutMs)), 'report'],
  keptCents: () => null,
}
