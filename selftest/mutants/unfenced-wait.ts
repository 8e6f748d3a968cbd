import { exposing, withMutation, type Mutant } from '../mutant.ts'

export const unfencedWait: Mutant = {
  name: 'unfenced-wait',
  about: 'A wait that is written by its key alone: a worker that was taken over wakes, finds that the time is up, and writes that over the answer that its heir has acted upon.',
  caughtBy: 'stability',
  point: exposing({
    name: 'unfenced-wait', runs: 60,
    faults: [{
      id: 'pause', kind: 'pause', role: 'worker', slot: 0,
      // By then most of its runs wait for their human, whose late answers are still to come.
      trigger: { at: 'event', phase: 'expose', batch: 0, step: 'receipt', nth: 45 },
      heal: { afterMs: 5_000, identity: 'same' },
    }],
    invariants: ['stability'],
  }),
  // A worker that parks learns at once that it was taken over.
  mutate: withMutation('unfenced-waits', { parkAfterMs: 60_000 }),
}
