// The model's answer: text drawn from the seed and the caller, so that a second run of a step says the same (and costs the
// same again). A token is a word here; prices are of the order of a large model's list price. Offered tools, it wants one turn
// after turn until it has had enough of them, which is long for few tasks: so loops differ from task to task, as real ones do.
import { random } from '../contract/random.ts'
import { indexOf } from './fate.ts'

const words = ('the customer order price is within budget and known merchant so proceed with charge then confirm by mail '
  + 'await approval before shipping otherwise refund amount check stock address risk low next step done').split(' ')
const wordsAtLeast = 12
const wordsSpread = 48
const charactersPerToken = 4
const microsPerPromptToken = 3
const microsPerCompletionToken = 15

const turns = { atLeast: 5, atMost: 50 }

interface ModelReply {
  readonly text: string
  readonly promptTokens: number
  readonly completionTokens: number
  readonly cutShort: boolean
  readonly priceMicros: number
}

export function modelReply(seed: number, caller: { workflowId: string; seq: number }, prompt: string, maxTokens: number): ModelReply {
  const draw = random(seed, `model/${indexOf(caller.workflowId)}/${caller.seq}`)
  const wanted = wordsAtLeast + draw.below(wordsSpread)
  const completionTokens = Math.min(wanted, maxTokens)
  const text = Array.from({ length: completionTokens }, () => words[draw.below(words.length)]).join(' ')
  const promptTokens = Math.ceil(prompt.length / charactersPerToken)
  const priceMicros = promptTokens * microsPerPromptToken + completionTokens * microsPerCompletionToken
  return { text, promptTokens, completionTokens, cutShort: completionTokens < wanted, priceMicros }
}

/** The tool that the model wants used after `used` others; null: it has had enough. */
export function wantedTool(seed: number, caller: { workflowId: string; seq: number }, tools: readonly string[], used: number): string | null {
  const index = indexOf(caller.workflowId)
  const enough = turns.atLeast + Math.floor((turns.atMost - turns.atLeast + 1) * random(seed, `model/turns/${index}`).next() ** 3)
  return used >= enough ? null : (tools[random(seed, `model/tool/${index}/${caller.seq}`).below(tools.length)] ?? null)
}
