import { crashAt, exposing, withMutation, type Mutant } from '../mutant.ts'

export const rerunClaimed: Mutant = {
  name: 'rerun-claimed',
  about: 'Recovery goes on one step too early: a result that later steps already rest on is made again.',
  caughtBy: 'claimed',
  // At seq 3 the world has seen the nonce of seq 2, so seq 2 is claimed beyond doubt.
  point: exposing({ name: 'rerun-claimed', runs: 12, faults: [crashAt(0, 3, 'after-effect')], invariants: ['claimed'] }),
  mutate: withMutation('rerun-claimed'),
}
