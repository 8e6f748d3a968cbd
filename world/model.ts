// The model's answer: text drawn from the seed and the caller, so that a second run of a step says the same (and costs the
// same again). A token is a word here; prices are of the order of a large model's list price.
import { random } from '../contract/random.ts'
import { indexOf } from './fate.ts'

const words = ('the customer order price is within budget and known merchant so proceed with charge then confirm by mail '
  + 'await approval before shipping otherwise refund amount check stock address risk low next step done').split(' ')
const wordsAtLeast = 12
const wordsSpread = 48
const charactersPerToken = 4
const microsPerPromptToken = 3
const microsPerCompletionToken = 15

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
