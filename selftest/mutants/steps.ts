// How often a step's body runs, with what, and whose reply counts.
import { calm, crash, crashBefore, crashCharging, fanOut, refusals, team } from '../points.ts'
import { withMutation, type Mutant } from '../mutant.ts'

export const steps: readonly Mutant[] = [
  {
    name: 'unrecorded-step', caughtBy: 'claimed', point: crash,
    about: 'A body is told a step\'s result before that is durable, and acts on it; after the crash the step is made again.',
    mutate: withMutation('ack-before-commit'),
  },
  {
    name: 'rerun-claimed', caughtBy: 'claimed', point: crash,
    about: 'Recovery goes on one step too early: a result that later steps already rest on is made again.',
    mutate: withMutation('rerun-claimed'),
  },
  {
    name: 'recorded-before-effect', caughtBy: 'stability', point: crashBefore,
    about: 'A step is marked done before it is made: the crash between the two leaves it undone for ever.',
    mutate: withMutation('record-first'),
  },
  {
    name: 'skipped-in-flight', caughtBy: 'stability', point: crash,
    about: 'Recovery takes the step in flight for done, and goes on with an empty result.',
    mutate: withMutation('skip-in-flight'),
  },
  {
    name: 'hedged-step', caughtBy: 'effects', point: calm,
    about: 'A dispatcher that is unsure hands a step to two executors at once: a queue that delivers at least once, taken for once.',
    mutate: withMutation('hedge'),
  },
  {
    name: 'straggler', caughtBy: 'finality', point: calm,
    about: 'An attempt that was given up is not stopped, and calls the world when its run has long ended.',
    mutate: withMutation('straggle'),
  },
  {
    name: 'changing-key', caughtBy: 'effects', point: crashCharging,
    about: 'The idempotency key is made of the attempt and not of the step: the retry after a crash charges again.',
    mutate: withMutation('change-keys'),
  },
  {
    name: 'shared-key', caughtBy: 'effects', point: calm,
    about: 'The idempotency key leaves out the run: the second customer is shown the first one\'s charge.',
    mutate: withMutation('share-keys'),
  },
  {
    name: 'beyond-policy', caughtBy: 'outcome', point: refusals,
    about: 'A step is tried again beyond what its policy allows: attempts are counted where they are lost.',
    mutate: withMutation('try-for-ever'),
  },
  {
    name: 'retried-refusal', caughtBy: 'effects', point: refusals,
    about: 'A refusal is taken for a hiccup, and the step is tried again.',
    mutate: withMutation('try-refusals'),
  },
  {
    name: 'gives-up-early', caughtBy: 'outcome', point: refusals,
    about: 'The first hiccup of a service ends the step for good, though its policy has attempts left.',
    mutate: withMutation('give-up'),
  },
  {
    name: 'denied-success', caughtBy: 'outcome', point: calm,
    about: 'A step that was made and answered is recorded as failed, since its heartbeat came late.',
    mutate: withMutation('deny-success'),
  },
  {
    name: 'stale-reply', caughtBy: 'stability', point: calm,
    about: 'The output rests on an older reply of a step than the one that was recorded: a cache that was not invalidated.',
    mutate: withMutation('stale-reply'),
  },
  {
    name: 'stale-input', caughtBy: 'stability', point: crashCharging,
    about: 'A step that is made again after a crash is given what it was never asked with.',
    mutate: withMutation('change-inputs'),
  },
  {
    name: 'forged-input', caughtBy: 'evidence', point: calm,
    about: 'A step is given a result that no step of its run ever returned.',
    mutate: withMutation('add-to-inputs'),
  },
  {
    name: 'memoized-across-runs', caughtBy: 'stability', point: calm,
    about: 'Results are remembered by the step\'s name: one run is given what another one paid for.',
    mutate: withMutation('memoize'),
  },
  {
    name: 'swapped-steps', caughtBy: 'order', point: team,
    about: 'Two steps are filed under each other\'s numbers, so that the record tells of another order than the world saw.',
    mutate: withMutation('swap-numbers'),
  },
  {
    name: 'joined-early', caughtBy: 'stability', point: fanOut,
    about: 'The first branch that is there ends the wait for all: the others are given up, and go on behind their run\'s back.',
    mutate: withMutation('join-early'),
  },
]
