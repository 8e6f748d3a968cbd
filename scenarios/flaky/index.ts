// flaky: see workflow.ts. All behaviour comes with the input, so that an end can be held against it.
import { random, type Random } from '../../contract/random.ts'
import type { Scenario } from '../../contract/scenario.ts'
import type { Outcome } from '../../contract/outcome.ts'
import { steps } from './steps.ts'
import { flaky, type Behaviour, type FlakyInput, type FlakyOutput } from './workflow.ts'

const path = ['limited', 'hanging', null, null, 'report', 'vital']

const well: Behaviour = { mishaps: [], refuse: false }
const refusing: Behaviour = { mishaps: [], refuse: true }
/** For longer than any engine tries, recoveries included. */
const down: Behaviour = { mishaps: Array<500>(60).fill(500), refuse: false }
const limited = (times: number): Behaviour => ({ mishaps: Array<429>(times).fill(429), refuse: false })

function behaviours(r: Random): FlakyInput {
  const one = (of: readonly Behaviour[]): Behaviour => of[r.below(of.length)]!
  return {
    limited: limited(r.below(5)),
    hanging: one([well, { mishaps: ['hung'], refuse: false }]),
    unsteady: one([well, { mishaps: [500, 429], refuse: false }, down]),
    closed: one([refusing, refusing, { mishaps: [500], refuse: false }]),
    vital: one([well, well, limited(1), limited(2), refusing, down]),
  }
}

/** What a call of that behaviour comes to; tries can run out for a bad day's sake, too. */
function comesTo({ mishaps, refuse }: Behaviour): readonly string[] {
  if (refuse) return ['refused', 'exhausted']
  return mishaps.length === down.mishaps.length ? ['exhausted'] : ['answered', 'exhausted']
}

function objection({ unsteady, closed, vital }: FlakyInput, end: Outcome): string | null {
  const ended = end.status === 'failed' ? end.error.code : end.status === 'completed' ? 'answered' : end.status
  if (!comesTo(vital).includes(ended)) return `its last call can only be ${comesTo(vital).join(' or ')}, and the run is ${end.status}${end.status === 'failed' ? ` as ${ended}` : ''}`
  if (end.status !== 'completed') return null
  const told = (end.output as { value: FlakyOutput }).value
  if (!comesTo(unsteady).includes(told.unsteady)) return `an unsteady service that can only be ${comesTo(unsteady).join(' or ')} is said to be ${told.unsteady}`
  return comesTo(closed).includes(told.closed) ? null : `a service that can only be ${comesTo(closed).join(' or ')} is said to be ${told.closed}`
}

export const scenario: Scenario = {
  name: 'flaky',
  version: '1',
  about: 'An agent among services that let it down in every way there is: rate limits, calls that took effect and were never answered, outages shorter or longer than its patience, refusals. It must try again exactly what is worth it, as often as it said, and tell apart what it was refused from what it gave up; some runs fail in the end.',
  workflow: flaky,
  steps,
  transactions: {},
  input: (seed, index) => behaviours(random(seed, `flaky/input/${index}`)),
  signals: () => [],
  objection: (input, end) => objection(input as FlakyInput, end),
  livenessMs: 90_000,
  path,
  pathOf: (input) => (comesTo((input as FlakyInput).vital).includes('answered') ? path : path.with(-1, null)),
  keptCents: () => null,
}
