// The loop at the heart of most agents: the model says which tool to use, its result goes back to the model, until the model has
// an answer. Nothing here knows what comes next: a replay that got another reply would take another way.
import type { Workflow } from '../../contract/scenario.ts'
import type { ToolUse } from '../../contract/world.ts'

export type LoopInput = { readonly question: string; readonly tools: readonly string[] }
export type LoopOutput = { readonly answer: string; readonly used: readonly string[] }

export const toolLoop: Workflow = async (ctx, input): Promise<LoopOutput> => {
  const { question, tools } = input as LoopInput
  const used: ToolUse[] = []
  for (;;) {
    const { tool, text } = await ctx.step<{ tool: string | null; text: string }>('decide', { question, tools, used: [...used] })
    if (tool === null) return { answer: text, used: used.map((use) => use.tool) }
    used.push({ tool, result: await ctx.step<string>(tool, { question, turn: used.length }) })
  }
}
