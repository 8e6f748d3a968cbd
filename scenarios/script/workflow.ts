// A body that is its own input: a list of instructions. Conformance writes its cases with it, so that every driver runs the
// same bodies without a folder for each.
import type { Json } from '../../contract/json.ts'
import type { Ctx, Op, Settled, Workflow } from '../../contract/scenario.ts'

export type Instruction =
  | { readonly step: string; readonly input: Json }
  | { readonly attempt: Op }
  | { readonly all: readonly Op[] }
  | { readonly transact: string; readonly input: Json }
  | { readonly sleepMs: number }
  | { readonly signal: string; readonly timeoutMs?: number }
  | { readonly child: readonly Instruction[] }
  | { readonly uncancellable: readonly Instruction[] }
  | { readonly renew: readonly Instruction[] }

export const script: Workflow = async (ctx, input) => {
  const results: Json[] = []
  for (const instruction of input as readonly Instruction[]) results.push(await play(ctx, instruction))
  return results
}

async function play(ctx: Ctx, instruction: Instruction): Promise<Json> {
  if ('step' in instruction) return ctx.step(instruction.step, instruction.input)
  if ('attempt' in instruction) return plain(await ctx.attempt(instruction.attempt))
  if ('all' in instruction) return (await ctx.all(instruction.all)).map(plain)
  if ('transact' in instruction) return ctx.transact(instruction.transact, instruction.input)
  if ('sleepMs' in instruction) {
    await ctx.sleep(instruction.sleepMs)
    return null
  }
  if ('signal' in instruction) {
    const { timeoutMs } = instruction
    return ctx.signal(instruction.signal, timeoutMs === undefined ? {} : { timeoutMs })
  }
  if ('child' in instruction) return ctx.child('script', instruction.child)
  if ('renew' in instruction) return ctx.renew(instruction.renew)
  return ctx.uncancellable(() => script(ctx, instruction.uncancellable))
}

function plain(settled: Settled<Json>): Json {
  return settled.ok ? { ok: settled.value } : { failed: settled.error.code }
}
