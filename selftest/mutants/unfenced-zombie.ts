import { exposing, withMutation, type Mutant } from '../mutant.ts'

export const unfencedZombie: Mutant = {
  name: 'unfenced-zombie',
  about: 'A lease without a fencing token: a worker that was paused longer than its lease goes on recording when it wakes.',
  caughtBy: 'fencing',
  point: exposing({
    name: 'unfenced-zombie', runs: 60,
    faults: [{
      id: 'pause', kind: 'pause', role: 'worker', slot: 0,
      trigger: { at: 'time', phase: 'expose', batch: 0, afterMs: 60 },
      heal: { afterMs: 6_500, identity: 'same' },
    }],
    invariants: ['fencing'],
  }),
  mutate: withMutation('no-fence'),
}
