// The agent of the mission: think, charge the card, mail a receipt, wait for a human, think again, ship, or refund.
import type { Workflow } from '../../contract/scenario.ts'

export type PurchaseInput = { readonly customer: string; readonly amountCents: number; readonly approvalTimeoutMs: number }
export type PurchaseOutput = { readonly decision: 'approved' | 'rejected' | 'timeout'; readonly keptCents: number; readonly reference: string }

export const purchase: Workflow = async (ctx, input): Promise<PurchaseOutput> => {
  const { customer, amountCents, approvalTimeoutMs } = input as PurchaseInput
  const plan = await ctx.step<{ text: string }>('plan', { customer, amountCents })
  const { chargeId } = await ctx.step<{ chargeId: string }>('charge', { customer, amountCents })
  await ctx.step('receipt', { customer, chargeId })
  const answer = await ctx.signal<{ approve: boolean }>('approval', { timeoutMs: approvalTimeoutMs })
  const decision = answer === 'timeout' ? 'timeout' : answer.got.approve ? 'approved' : 'rejected'
  await ctx.step('summarise', { plan: plan.text, decision })
  if (decision === 'approved') {
    const { trackingId } = await ctx.step<{ trackingId: string }>('ship', { order: ctx.workflowId })
    return { decision, keptCents: amountCents, reference: trackingId }
  }
  const { refundId } = await ctx.step<{ refundId: string }>('refund', { chargeId, amountCents })
  return { decision, keptCents: 0, reference: refundId }
}
