// A conversation: each message is answered, with what was said before in mind. It has no end of its own, so after some turns it
// continues as new with nothing but its memory; what was sent meanwhile must not be lost over that, nor be answered twice.
import type { Workflow } from '../../contract/scenario.ts'

export type ChatState = { readonly customer: string; readonly turns: number; readonly turnsPerLife: number; readonly answered: number; readonly memory: string }

export const chat: Workflow = async (ctx, input) => {
  const { customer, turns, turnsPerLife, ...before } = input as ChatState
  let { answered, memory } = before
  while (answered < turns) {
    if (answered > before.answered && answered % turnsPerLife === 0) await ctx.renew({ customer, turns, turnsPerLife, answered, memory })
    const message = await ctx.signal<{ text: string }>('message')
    const said = message === 'timeout' ? '' : message.got.text
    memory = (await ctx.step<{ text: string }>('answer', { memory, said })).text
    answered++
  }
  await ctx.step('transcript', { customer, answered })
  return { answered }
}
