import { exposing, withMutation, type Mutant } from '../mutant.ts'

export const resentBatch: Mutant = {
  name: 'resent-batch',
  about: 'A commit without a number: when its answer is lost it is sent again, and nothing tells that it has already passed.',
  caughtBy: 'effects',
  point: exposing({
    name: 'resent-batch', runs: 200, scenario: 'transfer',
    faults: [1, 2, 3].map((nth) => ({
      id: `cut-answer-${nth}`, kind: 'cut-answer', role: 'link', slot: nth % 2, nth: 3 * nth,
      trigger: { at: 'time', phase: 'expose', batch: 0, afterMs: 0 }, heal: { afterMs: 0, identity: 'same' },
    })),
    invariants: ['effects'],
  }),
  mutate: withMutation('no-batch-check'),
}
