// Plans, asks all sources at once, makes do with those that answer, and sums up. What each source came to stands in the outcome
// in the order of the question, so that a result that was given to another branch shows.
import type { Workflow } from '../../contract/scenario.ts'
import type { Mishap } from '../../contract/world.ts'

export type Source = { readonly api: string; readonly mishaps: readonly Mishap[]; readonly gone: boolean }
export type ResearchInput = { readonly topic: string; readonly sources: readonly Source[] }
/** By source: its own name, as it answered, or why it did not. */
export type ResearchOutput = { readonly results: readonly string[] }

export const research: Workflow = async (ctx, input): Promise<ResearchOutput> => {
  const { topic, sources } = input as ResearchInput
  const plan = await ctx.step<{ text: string }>('plan', { topic })
  const answers = await ctx.all<{ value: string }>(sources.map((source) => ({ step: 'fetch', input: source })))
  const findings = answers.filter(({ ok }) => ok).length
  const summary = await ctx.step<{ text: string }>('summarise', { plan: plan.text, findings })
  await ctx.step('publish', { topic, summary: summary.text })
  return { results: answers.map((answer) => (answer.ok ? answer.value.value : answer.error.code)) }
}
