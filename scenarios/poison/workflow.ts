// Reads a document, takes it apart, has it reviewed, delivers. Some documents take down whatever worker parses them.
import type { Workflow } from '../../contract/scenario.ts'

export type Document = { readonly customer: string; readonly name: string; readonly deadly: 'no' | 'kill' | 'exit' }

export const poison: Workflow = async (ctx, input) => {
  const { customer, name, deadly } = input as Document
  await ctx.step('fetch', { name })
  const { text } = await ctx.step<{ text: string }>('parse', { name, deadly })
  const review = await ctx.signal<{ approve: boolean }>('review')
  const approved = review !== 'timeout' && review.got.approve
  await ctx.step('deliver', { customer, text, approved })
  return { approved }
}
