// A reminder for a full hour, as everybody wants one: runs that began at any time are due in the same second. The clock is asked
// in a step, since a body has none; what it said must be what every replay sees.
import type { Workflow } from '../../contract/scenario.ts'

export type ReminderInput = { readonly customer: string; readonly everyMs: number; readonly offsetMs: number }

export const timerStorm: Workflow = async (ctx, input) => {
  const { customer, everyMs, offsetMs } = input as ReminderInput
  const { inMs } = await ctx.step<{ inMs: number }>('look-up', { everyMs })
  await ctx.sleep(inMs + offsetMs)
  await ctx.step('remind', { customer })
  return { offsetMs }
}
