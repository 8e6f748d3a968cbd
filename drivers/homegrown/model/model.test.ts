// The protocol holds in every state that its small worlds can reach; with a guard switched off, it does not. Not vacuous: what is
// dangerous must have happened on the way.
import { describe, expect, it } from 'vitest'
import { defects, type Defect } from './defects.ts'
import { explore, type Exploration } from './explore.ts'
import { plans } from './plans.ts'
import { goesOn } from './properties.ts'

const names = Object.keys(plans) as (keyof typeof plans)[]
const known = new Map<string, Exploration>()

function honest(name: keyof typeof plans): Exploration {
  const found = known.get(name) ?? explore({ plan: plans[name], defects: new Set() })
  known.set(name, found)
  return found
}

describe('the protocol', () => {
  it.each(names)('holds in every state of the world \'%s\'', (name) => {
    const { states, transitions, depth, violation } = honest(name)
    console.log(`${name}: ${states} states, ${transitions} transitions, at most ${depth} from the start`)
    expect(violation).toBeNull()
    expect(states).toBeGreaterThan(1_000)
  })

  it.each([
    'a living worker\'s run was taken over', 'a dead worker\'s run was taken over', 'a zombie\'s batch was refused', 'a fenced taker was refused',
    'an answer was lost', 'a late copy was refused', 'a late copy took effect', 'a lost answer was found out: committed',
    'a late change of ownership was refused', 'a late change of ownership took effect',
    'a signal was sent twice', 'a signal was consumed after a take-over', 'a time-out won against a signal', 'a run was cancelled after a take-over',
    'an id was taken', 'a run ended', 'a run was parked', 'a parking came too late', 'a message made a parked run ready',
    'a batch was refused for its contents', 'a refused batch was halved', 'a refused batch turned out to be committed',
  ])('was put to the test: %s', (event) => {
    const times = names.reduce((sum, name) => sum + (honest(name).coverage.get(event) ?? 0), 0)
    expect(times).toBeGreaterThan(10)
  })
})

const lostRuns = 'nothing is recorded by a worker that lost its runs'
const durable = 'what was told is durable'
const owned = 'an open run belongs to nobody or to a worker that is not fenced'

const expected: Readonly<Record<Defect, readonly [plan: keyof typeof plans, property: string]>> = {
  'fence': ['steps', lostRuns],
  'batch-check': ['steps', 'a batch takes effect at most once'],
  'ambiguity-as-lost': ['steps', 'one row for each operation'],
  'ambiguity-as-done': ['steps', durable],
  'fence-on-waits': ['relay', lostRuns],
  'fence-on-terminal': ['relay', lostRuns],
  're-own-before-fence': ['steps', owned],
  'ack-before-commit': ['steps', durable],
  'taker-unchecked': ['successor', owned],
  'join-does-not-wait': ['successor', owned],
  'take-unnumbered': ['successor', goesOn],
  'park-unnumbered': ['parking', lostRuns],
  'parking-looks-first': ['parking', goesOn],
  'mailbox-forgets': ['echo', 'a signal is consumed once'],
  'number-used-again': ['statement', durable],
  'early-signal': ['patience', goesOn],
  'start-without-key': ['starts', 'an id has one run'],
}

describe('a counter-example is found when', () => {
  it.each(Object.entries(expected) as [Defect, (typeof expected)[Defect]][])('%s is switched off', (defect, [name, property]) => {
    const { violation, states } = explore({ plan: plans[name], defects: new Set([defect]) })
    console.log(`${defect} (${defects[defect]}): after ${states} states of '${name}', ${property} is broken:\n${(violation?.trace ?? []).map((step, i) => `  ${i + 1}. ${step}`).join('\n')}`)
    expect(violation?.property).toBe(property)
  })
})
