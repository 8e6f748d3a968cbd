// Asks for two documents and a consent, and reminds whoever does not send them: the same wait over and over, each with a time-out,
// so that what comes as one wait ends belongs to the next.
import type { Workflow } from '../../contract/scenario.ts'

export type RemindersInput = { readonly customer: string; readonly everyMs: number; readonly reminders: number }
type RemindersOutput = { readonly documents: number; readonly consent: boolean }

const wanted = 2

export const reminders: Workflow = async (ctx, input): Promise<RemindersOutput> => {
  const { customer, everyMs, reminders } = input as RemindersInput
  await ctx.step('ask', { customer })
  let documents = 0
  for (let reminded = 0; documents < wanted && reminded <= reminders;) {
    const came = await ctx.signal('document', { timeoutMs: everyMs })
    if (came === 'timeout') await ctx.step('remind', { customer, reminder: ++reminded })
    else await ctx.step('file', { customer, document: ++documents })
  }
  const consent = await ctx.signal<{ given: boolean }>('consent', { timeoutMs: everyMs })
  const given = consent !== 'timeout' && consent.got.given
  await ctx.step('close', { customer, documents, consent: given })
  return { documents, consent: given }
}
