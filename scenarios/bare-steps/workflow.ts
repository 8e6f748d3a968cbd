// The headline rate: n steps that touch nothing, one after the other. Real bodies shrink every ratio seen here.
import type { Workflow } from '../../contract/scenario.ts'

export type BareInput = { readonly steps: number; readonly payloadBytes: number }

export const bareSteps: Workflow = async (ctx, input) => {
  const { steps, payloadBytes } = input as BareInput
  for (let i = 0; i < steps; i++) await ctx.step('noop', payloadBytes)
  return steps
}
