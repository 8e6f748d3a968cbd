import { exposing, withMutation, type Mutant } from '../mutant.ts'

export const loseEarlySignal: Mutant = {
  name: 'lose-early-signal',
  about: 'A signal that arrives before the body waits for it is accepted and dropped, as waits on an event bus do.',
  caughtBy: 'signals',
  point: exposing({ name: 'lose-early-signal', runs: 30, faults: [], invariants: ['signals'] }),
  mutate: withMutation('lose-early-signal'),
}
