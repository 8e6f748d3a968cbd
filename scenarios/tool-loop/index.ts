// tool-loop: see workflow.ts. The model takes 5 to 50 turns, few for most questions; it is the world's seed that decides.
import { random } from '../../contract/random.ts'
import type { Scenario } from '../../contract/scenario.ts'
import type { Outcome } from '../../contract/outcome.ts'
import { dataPriceCents, steps, tools } from './steps.ts'
import { toolLoop, type LoopInput, type LoopOutput } from './workflow.ts'

const turns = { atLeast: 5, atMost: 50 }

function objection(end: Outcome): string | null {
  if (end.status !== 'completed') return `a run that nothing can fail is ${end.status}`
  const { answer, used } = (end.output as { value: LoopOutput }).value
  if (used.length < turns.atLeast || used.length > turns.atMost) return `the model takes ${turns.atLeast} to ${turns.atMost} turns, and the outcome tells of ${used.length}`
  return answer === '' ? 'it has no answer' : null
}

export const scenario: Scenario = {
  name: 'tool-loop',
  version: '1',
  about: 'The loop at the heart of most agents: a model says which tool to use, sees what came of it, and says what is next, for 5 to 50 turns. No code knows the way beforehand, so an engine that lost a reply and asked the model again could end on another way, with the effects of both.',
  workflow: toolLoop,
  steps,
  transactions: {},
  input: (seed, index): LoopInput => ({ question: `question-${random(seed, `tool-loop/input/${index}`).below(10_000)}`, tools: Object.keys(tools) }),
  signals: () => [],
  objection: (_input, end) => objection(end),
  livenessMs: 120_000,
  // 'tool' stands for whichever the model chooses.
  path: ['decide', 'tool', 'decide', 'tool', 'decide', 'tool'],
  openEnded: true,
  keptCents: (output) => (output as LoopOutput).used.filter((tool) => tool === 'buy-data').length * dataPriceCents,
}
