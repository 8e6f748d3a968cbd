// chat: see workflow.ts. Parameters: turns (default 60), turnsPerLife (default 20), gapMs (default 40: messages come so far apart on
// average, standing for the minutes and days of a real conversation; one in four comes together with the one before it).
import { random } from '../../contract/random.ts'
import type { Json } from '../../contract/json.ts'
import type { PlannedSignal, Scenario } from '../../contract/scenario.ts'
import { chat, type ChatState } from './workflow.ts'
import { steps } from './steps.ts'

interface Parameters {
  readonly turns: number
  readonly turnsPerLife: number
  readonly gapMs: number
}

const defaults: Parameters = { turns: 60, turnsPerLife: 20, gapMs: 40 }
const withDefaults = (params: Json): Parameters => ({ ...defaults, ...(params as Partial<Parameters> | null) })

/** As many messages as the conversation has turns: one that is lost leaves it waiting for ever, one that counts twice leaves another unread. */
function messages(seed: number, index: number, workflowId: string, params: Json): readonly PlannedSignal[] {
  const { turns, gapMs } = withDefaults(params)
  const r = random(seed, `chat/messages/${index}`)
  let afterMs = r.below(gapMs)
  return Array.from({ length: turns }, (_, i) => {
    if (r.below(4) > 0) afterMs += r.below((8 * gapMs) / 3)
    return { name: 'message', payload: { text: `question ${i + 1}` }, signalId: `${workflowId}/message-${i + 1}`, afterMs }
  })
}

/** Each turn is a wait and an answer, each life ends with a number of its own. Named are the first answer of two lives, and the end. */
function path({ turns, turnsPerLife }: Parameters): (string | null)[] {
  const firstOfLife = (turn: number): boolean => turn === 0 || turn === turnsPerLife
  const numbers = Array.from({ length: turns }, (_, turn) => [
    ...(turn > 0 && turn % turnsPerLife === 0 ? [null] : []), null, firstOfLife(turn) ? 'answer' : null,
  ])
  return [...numbers.flat(), 'transcript']
}

export const scenario: Scenario = {
  name: 'chat',
  version: '1',
  about: 'An assistant in a long conversation: messages come by the hundred, in bursts and while it still answers the last one, and the run lives as long as the customer does. It continues as new every so often, carrying only its memory, since no engine keeps a history that grows for ever. Each message is answered once, in this life or the next.',
  workflow: chat,
  steps,
  transactions: {},
  needs: ['renew'],
  input: (seed, index, params): ChatState => {
    const { turns, turnsPerLife } = withDefaults(params)
    return { customer: `customer-${random(seed, `chat/input/${index}`).below(1_000)}@example.org`, turns, turnsPerLife, answered: 0, memory: '' }
  },
  signals: messages,
  livenessMs: 120_000,
  path: path(defaults),
  keptCents: () => null,
}
