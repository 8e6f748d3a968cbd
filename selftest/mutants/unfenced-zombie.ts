import { exposing, withMutation, type Mutant } from '../mutant.ts'

export const unfencedZombie: Mutant = {
  name: 'unfenced-zombie',
  about: 'A lease without a fencing token: a worker that was paused longer than its lease goes on recording when it wakes.',
  caughtBy: 'fencing',
  point: exposing({
    name: 'unfenced-zombie', runs: 60,
    faults: [{
      id: 'pause', kind: 'pause', role: 'worker', slot: 0,
      // By then worker 0 is at work on some thirty runs, most of them waiting for their human.
      trigger: { at: 'event', phase: 'expose', batch: 0, step: 'receipt', nth: 45 },
      heal: { afterMs: 5_000, identity: 'same' },
    }],
    invariants: ['fencing'],
  }),
  mutate: withMutation('no-fence'),
}
