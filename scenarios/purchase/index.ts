// purchase: see workflow.ts. Parameter: approvalTimeoutMs (default 3000, standing for the nine hours of a real approval).
import { random } from '../../contract/random.ts'
import type { PlannedSignal, Scenario } from '../../contract/scenario.ts'
import { purchase, type PurchaseInput, type PurchaseOutput } from './workflow.ts'
import { steps } from './steps.ts'

/** Of 20 runs 10 are approved, 2 rejected, 8 never answered; of the answers a third is early, a third during, a third late. */
function answer(seed: number, index: number, workflowId: string): readonly PlannedSignal[] {
  const r = random(seed, `purchase/signal/${index}`)
  const draw = r.below(20)
  if (draw >= 12) return []
  const afterMs = [0, 100 + r.below(400), 500 + r.below(1_000)][r.below(3)]!
  return [{ name: 'approval', payload: { approve: draw < 10 }, signalId: `${workflowId}/approval`, afterMs }]
}

export const scenario: Scenario = {
  name: 'purchase',
  version: '1',
  about: 'A shopping agent: a model plans, a card is charged, a receipt is mailed, a human approves hours later, a model sums up, goods are shipped or the money goes back. Most business agents have this shape: paid calls, one irreversible effect, one long wait.',
  workflow: purchase,
  steps,
  transactions: {},
  input: (seed, index, params): PurchaseInput => {
    const r = random(seed, `purchase/input/${index}`)
    const { approvalTimeoutMs = 3_000 } = (params ?? {}) as Partial<PurchaseInput>
    return { customer: `customer-${r.below(1_000)}@example.org`, amountCents: 100 + r.below(50_000), approvalTimeoutMs }
  },
  signals: answer,
  livenessMs: 60_000,
  path: ['plan', 'charge', 'receipt', null, 'summarise', 'ship'],
  keptCents: (output) => (output as PurchaseOutput).keptCents,
}
