// Everything here is large: what a step returns, what the next is given, a signal, the outcome. Each text is archived under the
// fingerprint that its step sees, so that one that was cut or changed on its way shows.
import type { Workflow } from '../../contract/scenario.ts'

export type ReportInput = { readonly label: string; readonly bytes: number }
export type ReportOutput = { readonly draft: string; readonly draftPrint: string; readonly attachmentPrint: string }

export const bigPayload: Workflow = async (ctx, input): Promise<ReportOutput> => {
  const { label, bytes } = input as ReportInput
  const draft = await ctx.step<string>('draft', { label, bytes })
  const draftPrint = await ctx.step<string>('archive', { text: draft })
  const answer = await ctx.signal<string>('attachment')
  const attachmentPrint = await ctx.step<string>('archive', { text: answer === 'timeout' ? '' : answer.got })
  await ctx.step('notify', { label })
  return { draft, draftPrint, attachmentPrint }
}
