// Runs that live for long, life after life, and runs that take their workers down.
import { documents, stream } from '../points.ts'
import { withMutation, type Mutant } from '../mutant.ts'

export const lives: readonly Mutant[] = [
  {
    name: 'drained-at-renewal', caughtBy: 'liveness', point: stream,
    about: 'A run that continues as new leaves behind what was sent to it while its old life was at work.',
    mutate: withMutation('drain-at-renewal'),
  },
  {
    name: 'renewed-from-first', caughtBy: 'liveness', point: stream,
    about: 'What a run hands to its next life is kept from the first time on: the third life begins as the second one did.',
    mutate: withMutation('renew-from-first'),
  },
  {
    name: 'condemned-together', caughtBy: 'liveness', point: documents,
    about: 'Deaths are counted by worker and not by run: whoever waits beside the one that kills is put aside with it.',
    mutate: withMutation('condemn-together'),
  },
  {
    name: 'never-condemned', caughtBy: 'liveness', point: documents,
    about: 'Nobody counts how many workers a run has cost: it takes down one after the other.',
    mutate: withMutation('never-condemn'),
  },
]
