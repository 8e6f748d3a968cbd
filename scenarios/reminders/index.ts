// reminders: see workflow.ts. Parameters: everyMs (default 250), standing for the days between two reminders, and reminders (6).
import { random } from '../../contract/random.ts'
import type { PlannedSignal, Scenario } from '../../contract/scenario.ts'
import { reminders, type RemindersInput } from './workflow.ts'
import { steps } from './steps.ts'

/** Documents come at any time, also as a wait ends; the consent comes with the first, before or after the second, when nobody waits for it. */
function signals(seed: number, index: number, workflowId: string): readonly PlannedSignal[] {
  const r = random(seed, `reminders/signals/${index}`)
  const document = (number: number): PlannedSignal => ({ name: 'document', payload: { number }, signalId: `${workflowId}/document-${number}`, afterMs: r.below(1_300) })
  const documents = [document(1), document(2)].slice(r.below(5) === 0 ? 1 : 0)
  return r.below(4) === 0 ? documents : [...documents, { name: 'consent', payload: { given: r.below(4) > 0 }, signalId: `${workflowId}/consent`, afterMs: r.below(900) }]
}

export const scenario: Scenario = {
  name: 'reminders',
  version: '1',
  about: 'A clerk that collects: it asks a customer for two documents and a consent, reminds every few days, files what comes and closes the case in the end. Every wait times out before long, so what arrives in the same moment must be found by the next one; and what was sent early must neither be lost nor be taken for something else.',
  workflow: reminders,
  steps,
  transactions: {},
  input: (seed, index, params): RemindersInput => {
    const { everyMs = 250, reminders = 6 } = (params ?? {}) as Partial<RemindersInput>
    return { customer: `customer-${random(seed, `reminders/input/${index}`).below(1_000)}@example.org`, everyMs, reminders }
  },
  signals,
  livenessMs: 60_000,
  path: ['ask', null],
  keptCents: () => null,
}
