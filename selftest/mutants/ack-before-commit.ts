import { crashAt, exposing, withMutation, type Mutant } from '../mutant.ts'

export const ackBeforeCommit: Mutant = {
  name: 'ack-before-commit',
  about: 'A write-behind buffer: the client is told that its start is durable before the commit that makes it so.',
  caughtBy: 'admission',
  point: exposing({ name: 'ack-before-commit', runs: 20, faults: [crashAt(0, 1, 'after-effect')], invariants: ['admission'] }),
  mutate: withMutation('ack-before-commit'),
}
