// approval-inbox: see workflow.ts. Answers come seconds later, standing for days.
import { random } from '../../contract/random.ts'
import type { Scenario } from '../../contract/scenario.ts'
import { steps } from './steps.ts'
import { approvalInbox, type InboxInput } from './workflow.ts'

export const scenario: Scenario = {
  name: 'approval-inbox',
  version: '1',
  about: 'The inbox of whoever approves what agents want to do: thousands of runs wait for a human for days, without a time-out. What an engine pays for a run that only waits, and how soon it goes on when the answer comes.',
  workflow: approvalInbox,
  steps,
  transactions: {},
  input: (seed, index): InboxInput => ({ customer: `approver-${random(seed, `inbox/input/${index}`).below(100)}@example.org` }),
  signals: (seed, index, workflowId) => {
    const r = random(seed, `inbox/signal/${index}`)
    return [{ name: 'approval', payload: { approve: r.below(4) > 0 }, signalId: `${workflowId}/approval`, afterMs: 500 + r.below(5_000) }]
  },
  livenessMs: 60_000,
  path: ['ask', null, 'tell'],
  keptCents: () => null,
}
