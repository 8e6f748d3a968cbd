// transfer: see workflow.ts. Parameter: moves (default 2), each of which books twice.
import { random } from '../../contract/random.ts'
import type { Scenario } from '../../contract/scenario.ts'
import { bookings, steps, transactions } from './steps.ts'
import { transfer, type TransferInput } from './workflow.ts'

export const scenario: Scenario = {
  name: 'transfer',
  version: '1',
  about: 'An agent that books in the database of its own app: each booking commits together with its record, so it takes place exactly once whatever crashes, without an idempotency key. What a library in the app\'s store can promise, and a system beside it can\'t.',
  workflow: transfer,
  steps,
  transactions,
  tables: [bookings],
  evidence: 'SELECT workflow_id, key FROM durabench_bookings',
  input: (seed, index, params): TransferInput => {
    const r = random(seed, `transfer/input/${index}`)
    const { moves = 2 } = (params ?? {}) as Partial<TransferInput>
    return { from: `account-${r.below(50)}`, to: `account-${50 + r.below(50)}`, cents: 1 + r.below(10_000), moves }
  },
  signals: () => [],
  livenessMs: 60_000,
  path: [null, null, null, null, 'notify'],
  keptCents: () => null,
}
