// saga: see workflow.ts. Parameter: declinedShare (default 0.5), of the runs whose card is declined.
import { random } from '../../contract/random.ts'
import type { Scenario } from '../../contract/scenario.ts'
import type { Outcome } from '../../contract/outcome.ts'
import { steps } from './steps.ts'
import { saga, type TripInput, type TripOutput } from './workflow.ts'

const paidPath = ['book-flight', 'book-hotel', 'pay', 'confirm']
const declinedPath = ['book-flight', 'book-hotel', null, 'cancel-hotel', 'cancel-flight', 'apologise']

function objection({ card }: TripInput, end: Outcome): string | null {
  if (end.status !== 'completed') return `a run that nothing can fail is ${end.status}`
  const { booked } = (end.output as { value: TripOutput }).value
  return booked === (card === 'good') ? null : `its card was ${card}, and its trip is ${booked ? '' : 'not '}booked`
}

export const scenario: Scenario = {
  name: 'saga',
  version: '1',
  about: 'A travel agent: it books a flight and a hotel against deposits, then pays the rest. Half of the cards are declined; then what was booked must be given back, once each and the last first, though the agent crashes while it does so. Money must not be lost on either side.',
  workflow: saga,
  steps,
  transactions: {},
  input: (seed, index, params): TripInput => {
    const r = random(seed, `saga/input/${index}`)
    const { declinedShare = 0.5 } = (params ?? {}) as { readonly declinedShare?: number }
    return {
      customer: `customer-${r.below(1_000)}@example.org`, flightCents: 100 + r.below(5_000), hotelCents: 100 + r.below(5_000), restCents: 100 + r.below(50_000),
      card: r.next() < declinedShare ? 'declined' : 'good',
    }
  },
  signals: () => [],
  compensations: { 'book-flight': 'cancel-flight', 'book-hotel': 'cancel-hotel' },
  gaveUp: (output) => !(output as TripOutput).booked,
  objection: (input, end) => objection(input as TripInput, end),
  livenessMs: 60_000,
  path: declinedPath,
  pathOf: (input) => ((input as TripInput).card === 'good' ? paidPath : declinedPath),
  keptCents: (output) => (output as TripOutput).keptCents,
}
