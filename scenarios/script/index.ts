// script: see workflow.ts. Its `insert` transaction needs a table of its own (without a unique key: a constraint would
// provide what is to be shown).
import type { Scenario } from '../../contract/scenario.ts'
import { script } from './workflow.ts'
import { steps } from './steps.ts'

const effectsTable = 'CREATE TABLE IF NOT EXISTS durabench_effects (key text, workflow text, value text)'

export const scenario: Scenario = {
  name: 'script',
  version: '1',
  about: 'No real agent: the test author writes the body as data.',
  workflow: script,
  steps,
  transactions: {
    insert: (input, call) => ({
      text: 'INSERT INTO durabench_effects (key, workflow, value) VALUES ($1, $2, $3) RETURNING value',
      values: [call.key, call.workflowId, JSON.stringify(input)],
    }),
  },
  tables: [effectsTable],
  input: (_seed, _index, params) => params,
  signals: () => [],
  livenessMs: 60_000,
  path: [],
  keptCents: () => null,
}
