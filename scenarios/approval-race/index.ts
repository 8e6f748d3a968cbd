// approval-race: see workflow.ts. Parameter: approvalTimeoutMs (default 600). Which rivals meet is a matter of the seed, when they
// meet too: times are drawn around the time-out so that each of them wins in some runs.
import { random, type Random } from '../../contract/random.ts'
import type { PlannedCancel, PlannedSignal, Scenario } from '../../contract/scenario.ts'
import { approvalRace, type PaymentInput, type PaymentOutput } from './workflow.ts'
import { steps } from './steps.ts'

const defaultTimeoutMs = 600
/** Around the time-out, which begins some ten milliseconds after the start was acknowledged on an idle machine, some hundred on a busy one. */
const aroundTimeoutMs = { from: -60, to: 740 }

type Rivals = { readonly answers: readonly ('approve' | 'reject')[]; readonly afterMs: number; readonly cancelled: boolean }

/** Of five runs one is cancelled while its answer comes; the others have two answers at once, early, midway or at the time-out. */
function rivals(seed: number, index: number): Rivals {
  const r = random(seed, `approval-race/rivals/${index}`)
  const answers = r.shuffle(['approve', 'reject'] as const)
  if (index % 5 === 4) return { answers: answers.slice(0, 1), afterMs: midway(r), cancelled: true }
  const atTimeoutMs = defaultTimeoutMs + aroundTimeoutMs.from + r.below(aroundTimeoutMs.to - aroundTimeoutMs.from)
  return { answers: answers.slice(0, 1 + r.below(4)), afterMs: [0, midway(r), atTimeoutMs, atTimeoutMs][r.below(4)]!, cancelled: false }
}

const midway = (r: Random): number => 100 + r.below(300)

function signals(seed: number, index: number, workflowId: string): readonly PlannedSignal[] {
  const { answers, afterMs } = rivals(seed, index)
  return answers.map((answer) => ({ name: 'approval', payload: { approve: answer === 'approve' }, signalId: `${workflowId}/${answer}`, afterMs }))
}

function cancels(seed: number, index: number): PlannedCancel | null {
  const { cancelled, afterMs } = rivals(seed, index)
  return cancelled ? { afterMs } : null
}

export const scenario: Scenario = {
  name: 'approval-race',
  version: '1',
  about: 'A paying agent whose approval is asked for in two places at once, a chat and an inbox: two people answer differently in the same second, an answer arrives as the offer expires, or the customer withdraws while it does. Whoever is first decides, and the money and the goods must follow that one decision.',
  workflow: approvalRace,
  steps,
  transactions: {},
  input: (seed, index, params): PaymentInput => {
    const r = random(seed, `approval-race/input/${index}`)
    const { approvalTimeoutMs = defaultTimeoutMs } = (params ?? {}) as Partial<PaymentInput>
    return { customer: `customer-${r.below(1_000)}@example.org`, amountCents: 100 + r.below(50_000), approvalTimeoutMs }
  },
  signals,
  cancels,
  races: [{
    wait: 'approval',
    branches: { approved: ['announce-approved', 'ship'], rejected: ['announce-rejected', 'refund'], expired: ['announce-expired', 'refund'] },
    decision: (signalId) => (signalId === null ? 'expired' : signalId.endsWith('/approve') ? 'approved' : 'rejected'),
  }],
  livenessMs: 60_000,
  path: ['charge', null, 'announce-approved', 'ship'],
  keptCents: (output) => (output as PaymentOutput).keptCents,
}
