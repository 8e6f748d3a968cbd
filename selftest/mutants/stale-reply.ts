import { exposing, withMutation, type Mutant } from '../mutant.ts'

export const staleReply: Mutant = {
  name: 'stale-reply',
  about: 'The output rests on an older reply of a step than the one that was recorded: a cache that was not invalidated.',
  caughtBy: 'stability',
  point: exposing({ name: 'stale-reply', runs: 12, faults: [], invariants: ['stability'] }),
  mutate: withMutation('stale-reply'),
}
