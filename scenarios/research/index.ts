// research: see workflow.ts. Parameter: sources, how many APIs each run asks; without it every sixth run asks 100, the others 12.
import { random } from '../../contract/random.ts'
import type { Scenario } from '../../contract/scenario.ts'
import type { Outcome } from '../../contract/outcome.ts'
import { steps } from './steps.ts'
import { research, type ResearchInput, type ResearchOutput, type Source } from './workflow.ts'

const few = 12
const many = 100
/** The agent's own index and archive: they answer in the end, so that failpoints can be bound to them. */
const own: readonly number[] = [0, 6]
/** Longer than any engine tries, recoveries included. */
const down: Source['mishaps'] = Array<500>(60).fill(500)

/** Of a hundred APIs some 25 stumble, three are gone and one is down. */
function source(seed: number, index: number, position: number): Source {
  const r = random(seed, `research/source/${index}/${position}`)
  const draw = r.below(100)
  const stumbles = Array.from({ length: 1 + r.below(3) }, () => ([429, 500] as const)[r.below(2)]!)
  const mishaps = draw < 70 ? [] : draw < 94 ? stumbles : draw < 96 ? (['hung'] as const) : own.includes(position) || draw < 99 ? [] : down
  return { api: `api-${index}-${position}`, mishaps, gone: draw >= 96 && draw < 99 && !own.includes(position) }
}

function objection(input: ResearchInput, end: Outcome): string | null {
  if (end.status !== 'completed') return `a run that nothing can fail is ${end.status}`
  const { results } = (end.output as { value: ResearchOutput }).value
  if (results.length !== input.sources.length) return `it asked ${input.sources.length} sources, and tells of ${results.length}`
  const odd = input.sources.find(({ api, mishaps, gone }, i) => !(results[i] === 'exhausted' || (gone ? results[i] === 'refused' : results[i] === api && mishaps.length < down.length)))
  return odd === undefined ? null : `the answer of ${odd.api} can't be '${results[input.sources.indexOf(odd)]}'`
}

export const scenario: Scenario = {
  name: 'research',
  version: '1',
  about: 'A deep-research agent: it plans, asks up to a hundred APIs at once, of which some are rate-limited, slow, gone or down, makes do with what came, sums up and publishes. Crashes hit it with dozens of calls in flight, each of which costs money; those that were answered must not be asked again.',
  workflow: research,
  steps,
  transactions: {},
  input: (seed, index, params): ResearchInput => {
    const { sources = index % 6 === 5 ? many : few } = (params ?? {}) as { readonly sources?: number }
    return { topic: `topic-${random(seed, `research/input/${index}`).below(1_000)}`, sources: Array.from({ length: sources }, (_, position) => source(seed, index, position)) }
  },
  signals: () => [],
  objection: (input, end) => objection(input as ResearchInput, end),
  livenessMs: 120_000,
  path: pathOf(few),
  // Targets are looked for in runs of the usual size alone.
  pathOf: (input) => ((input as ResearchInput).sources.length === few ? pathOf(few) : []),
  keptCents: () => null,
}

function pathOf(sources: number): readonly (string | null)[] {
  return ['plan', ...Array.from({ length: sources }, (_, position) => (own.includes(position) ? 'fetch' : null)), 'summarise', 'publish']
}
