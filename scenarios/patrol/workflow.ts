// Looks after something: one look after the other, each a call that takes its time, then a report. Always at work, so that whoever
// takes it over shows at once.
import type { Workflow } from '../../contract/scenario.ts'

export type PatrolInput = { readonly looks: number; readonly look: string; readonly lookMs: number }
type PatrolOutput = { readonly looks: number }

export const patrol: Workflow = async (ctx, input): Promise<PatrolOutput> => {
  const { looks, look, lookMs } = input as PatrolInput
  for (let i = 0; i < looks; i++) await ctx.step(look, { delayMs: lookMs })
  await ctx.step('report', { looks })
  return { looks }
}
