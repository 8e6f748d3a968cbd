// Money moves between two accounts of the app's own database: debit and credit are each one commit with their record, a mail
// between them is not.
import type { Workflow } from '../../contract/scenario.ts'

export type TransferInput = { readonly from: string; readonly to: string; readonly cents: number; readonly moves: number }

export const transfer: Workflow = async (ctx, input) => {
  const { from, to, cents, moves } = input as TransferInput
  for (let move = 0; move < moves; move++) {
    await ctx.transact('book', { account: from, cents: -cents })
    await ctx.transact('book', { account: to, cents })
  }
  await ctx.step('notify', { to, cents: cents * moves })
  return { moved: cents * moves }
}
