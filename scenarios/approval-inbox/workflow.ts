// Asks a human and waits for as long as it takes: very many of these are open at once, and hardly any moves.
import type { Workflow } from '../../contract/scenario.ts'

export type InboxInput = { readonly customer: string }

export const approvalInbox: Workflow = async (ctx, input) => {
  const { customer } = input as InboxInput
  await ctx.step('ask', { customer })
  const answer = await ctx.signal<{ approve: boolean }>('approval')
  const approved = answer !== 'timeout' && answer.got.approve
  await ctx.step('tell', { customer, approved })
  return { approved }
}
