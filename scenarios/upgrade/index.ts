// upgrade: see workflow.ts. Parameter: approvalTimeoutMs (default 3000). Which version runs where is the plan's matter.
import { random } from '../../contract/random.ts'
import type { PlannedSignal, Scenario } from '../../contract/scenario.ts'
import { steps } from './steps.ts'
import { upgrade, upgradeNext, type OfferInput } from './workflow.ts'

/** Of ten runs eight are answered, most of them after the deploy that they meet; two time out. */
function answer(seed: number, index: number, workflowId: string): readonly PlannedSignal[] {
  const r = random(seed, `upgrade/signal/${index}`)
  if (r.below(10) >= 8) return []
  return [{ name: 'approval', payload: { approve: r.below(4) > 0 }, signalId: `${workflowId}/approval`, afterMs: r.below(2_500) }]
}

export const scenario: Scenario = {
  name: 'upgrade',
  version: '1',
  about: 'An agent that is improved while it works: a new version is deployed over runs that wait for a human, found wanting, rolled back over runs that it began, and deployed again. A team ships several times a day, and some of its runs live for weeks; none may end up half in one version and half in another, and none may be stranded.',
  workflow: upgrade,
  bodies: { '2': upgradeNext },
  versionOf: (step) => step.slice(step.lastIndexOf('-') + 1),
  steps,
  transactions: {},
  needs: ['upgrade'],
  input: (seed, index, params): OfferInput => {
    const { approvalTimeoutMs = 3_000 } = (params ?? {}) as Partial<OfferInput>
    return { customer: `customer-${random(seed, `upgrade/input/${index}`).below(1_000)}@example.org`, approvalTimeoutMs }
  },
  signals: answer,
  livenessMs: 60_000,
  path: ['draft-1', null, 'send-1'],
  keptCents: () => null,
}
