// Two versions of one body: the second checks its draft before it asks, and files what it sent. A run that the first began has no
// place for that, and one that the second began can't do without, so each goes on with the version that began it.
import type { Workflow } from '../../contract/scenario.ts'

export type OfferInput = { readonly customer: string; readonly approvalTimeoutMs: number }

export const upgrade: Workflow = async (ctx, input) => {
  const { customer, approvalTimeoutMs } = input as OfferInput
  const { text } = await ctx.step<{ text: string }>('draft-1', { customer })
  const answer = await ctx.signal<{ approve: boolean }>('approval', { timeoutMs: approvalTimeoutMs })
  const approved = answer !== 'timeout' && answer.got.approve
  await ctx.step('send-1', { customer, text, approved })
  return { version: '1', approved }
}

export const upgradeNext: Workflow = async (ctx, input) => {
  const { customer, approvalTimeoutMs } = input as OfferInput
  const draft = await ctx.step<{ text: string }>('draft-2', { customer })
  const { text } = await ctx.step<{ text: string }>('check-2', { text: draft.text })
  const answer = await ctx.signal<{ approve: boolean }>('approval', { timeoutMs: approvalTimeoutMs })
  const approved = answer !== 'timeout' && answer.got.approve
  await ctx.step('send-2', { customer, text, approved })
  await ctx.step('file-2', { customer, approved })
  return { version: '2', approved }
}
