// Calls five services of which none can be relied on. Two must be reached, so their calls are tried until they are; two may fail, and
// the agent goes on without them; without the last one it fails itself.
import type { Ctx, Workflow } from '../../contract/scenario.ts'
import type { Mishap } from '../../contract/world.ts'

/** How a service behaves: mishaps, then an answer, unless it refuses. */
export type Behaviour = { readonly mishaps: readonly Mishap[]; readonly refuse: boolean }
export type FlakyInput = { readonly limited: Behaviour; readonly hanging: Behaviour; readonly unsteady: Behaviour; readonly closed: Behaviour; readonly vital: Behaviour }
export type FlakyOutput = { readonly unsteady: string; readonly closed: string }

export const flaky: Workflow = async (ctx, input): Promise<FlakyOutput> => {
  const { limited, hanging, unsteady, closed, vital } = input as FlakyInput
  await ctx.step('limited', limited)
  await ctx.step('hanging', hanging)
  const came = { unsteady: await outcomeOf(ctx, 'unsteady', unsteady), closed: await outcomeOf(ctx, 'closed', closed) }
  await ctx.step('report', came)
  await ctx.step('vital', vital)
  return came
}

async function outcomeOf(ctx: Ctx, step: string, input: Behaviour): Promise<string> {
  const settled = await ctx.attempt({ step, input })
  return settled.ok ? 'answered' : settled.error.code
}
