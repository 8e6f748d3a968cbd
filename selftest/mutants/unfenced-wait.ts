import { exposing, pauseAtReceipt, withMutation, type Mutant } from '../mutant.ts'

export const unfencedWait: Mutant = {
  name: 'unfenced-wait',
  about: 'A wait that is written by its key alone: a worker that was taken over wakes, finds that the time is up, and writes that over the answer that its heir has acted upon.',
  caughtBy: 'stability',
  point: exposing({
    name: 'unfenced-wait', runs: 60,
    // By then most of its runs wait for their human, whose late answers are still to come.
    faults: [pauseAtReceipt(45)],
    invariants: ['stability'],
  }),
  // A worker that parks learns at once that it was taken over.
  mutate: withMutation('unfenced-waits', { parkAfterMs: 60_000 }),
}
