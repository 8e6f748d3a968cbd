import { exposing, withMutation, type Mutant } from '../mutant.ts'

export const believedCommit: Mutant = {
  name: 'believed-commit',
  about: 'A lost connection taken for a success: nobody asks whether the commit under way took place.',
  caughtBy: 'admission',
  point: exposing({
    name: 'believed-commit', runs: 200,
    faults: [0, 1].map((slot) => ({
      id: `cut-request-${slot}`, kind: 'cut-request', role: 'link', slot, nth: 1,
      trigger: { at: 'time', phase: 'expose', batch: 0, afterMs: 0 }, heal: { afterMs: 0, identity: 'same' },
    })),
    invariants: ['admission'],
  }),
  mutate: withMutation('believe-unanswered'),
}
