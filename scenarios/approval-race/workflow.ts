// Charge, ask a human, and do what the first answer says: the others came too late. What was decided is announced in a mail of
// its own kind, so that the world alone can tell which rival won.
import type { Workflow } from '../../contract/scenario.ts'

export type PaymentInput = { readonly customer: string; readonly amountCents: number; readonly approvalTimeoutMs: number }
type PaymentDecision = 'approved' | 'rejected' | 'expired'
export type PaymentOutput = { readonly decision: PaymentDecision; readonly keptCents: number }

export const approvalRace: Workflow = async (ctx, input): Promise<PaymentOutput> => {
  const { customer, amountCents, approvalTimeoutMs } = input as PaymentInput
  const { chargeId } = await ctx.step<{ chargeId: string }>('charge', { customer, amountCents })
  const answer = await ctx.signal<{ approve: boolean }>('approval', { timeoutMs: approvalTimeoutMs })
  const decision: PaymentDecision = answer === 'timeout' ? 'expired' : answer.got.approve ? 'approved' : 'rejected'
  await ctx.step(`announce-${decision}`, { customer, chargeId })
  if (decision === 'approved') {
    await ctx.step('ship', { order: ctx.workflowId })
    return { decision, keptCents: amountCents }
  }
  await ctx.step('refund', { chargeId, amountCents })
  return { decision, keptCents: 0 }
}
