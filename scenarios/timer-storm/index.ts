// timer-storm: see workflow.ts. Parameters: everyMs (default 6000, standing for an hour), withinMs (default 1000), within which all
// are due. How many is a matter of the load: thousands that start within one hour are due together.
import { random } from '../../contract/random.ts'
import type { Scenario } from '../../contract/scenario.ts'
import type { Outcome } from '../../contract/outcome.ts'
import { steps } from './steps.ts'
import { timerStorm, type ReminderInput } from './workflow.ts'

function objection({ offsetMs }: ReminderInput, end: Outcome): string | null {
  if (end.status !== 'completed') return `a run that nothing can fail is ${end.status}`
  const told = (end.output as { value: { offsetMs: number } }).value.offsetMs
  return told === offsetMs ? null : `it was asked to remind ${offsetMs} ms after the hour, and says ${told}`
}

export const scenario: Scenario = {
  name: 'timer-storm',
  version: '1',
  about: 'Reminders: thousands of agents sleep until the next full hour and are due within the same second, each to send one mail. What a storm of timers does to an engine, how late the last one is, and whether one that was asleep when its worker died still wakes in time.',
  workflow: timerStorm,
  steps,
  transactions: {},
  input: (seed, index, params): ReminderInput => {
    const r = random(seed, `timer-storm/input/${index}`)
    const { everyMs = 6_000, withinMs = 1_000 } = (params ?? {}) as { readonly everyMs?: number; readonly withinMs?: number }
    return { customer: `customer-${r.below(1_000)}@example.org`, everyMs, offsetMs: r.below(withinMs) }
  },
  signals: () => [],
  objection: (input, end) => objection(input as ReminderInput, end),
  livenessMs: 120_000,
  path: ['look-up', null, 'remind'],
  keptCents: () => null,
}
