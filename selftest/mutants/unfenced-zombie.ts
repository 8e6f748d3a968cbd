import { exposing, pauseAtReceipt, withMutation, type Mutant } from '../mutant.ts'

export const unfencedZombie: Mutant = {
  name: 'unfenced-zombie',
  about: 'A lease without a fencing token: a worker that was paused longer than its lease goes on recording when it wakes.',
  caughtBy: 'fencing',
  point: exposing({
    name: 'unfenced-zombie', runs: 60,
    // By then worker 0 is at work on some thirty runs, most of them waiting for their human.
    faults: [pauseAtReceipt(45)],
    invariants: ['fencing'],
  }),
  mutate: withMutation('no-fence'),
}
