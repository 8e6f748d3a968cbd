import { exposing, pauseAtReceipt, withMutation, type Mutant } from '../mutant.ts'

export const unfencedEnd: Mutant = {
  name: 'unfenced-end',
  about: 'A fence for what steps came to and none for ends: a worker that was taken over can\'t record its step, takes that for a failure, and ends a run that its heir is at work on.',
  caughtBy: 'finality',
  point: exposing({
    name: 'unfenced-end', runs: 60,
    faults: [pauseAtReceipt(45)],
    invariants: ['finality'],
  }),
  // A worker that parks learns at once that it was taken over.
  mutate: withMutation('unfenced-ends', { parkAfterMs: 60_000 }),
}
