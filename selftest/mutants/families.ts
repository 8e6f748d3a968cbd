// Cancels, what they take back, and children.
import { team, teamCrash } from '../points.ts'
import { withMutation, type Mutant } from '../mutant.ts'

export const families: readonly Mutant[] = [
  {
    name: 'ignored-cancel', caughtBy: 'cancel', point: team,
    about: 'A cancel is acknowledged, and that was it.',
    mutate: withMutation('ignore-cancels'),
  },
  {
    name: 'reported-cancelled', caughtBy: 'cancel', point: team,
    about: 'A cancel sets the run\'s status and stops nothing: its body goes on.',
    mutate: withMutation('report-cancelled'),
  },
  {
    name: 'cancelled-neighbour', caughtBy: 'cancel', point: team,
    about: 'A cancel hits the run beside it, too.',
    mutate: withMutation('cancel-two'),
  },
  {
    name: 'compensated-twice', caughtBy: 'cancel', point: team,
    about: 'What takes a run back is begun by whoever cancels it and by whoever recovers it.',
    mutate: withMutation('compensate-twice'),
  },
  {
    name: 'uncompensated', caughtBy: 'cancel', point: team,
    about: 'A cancelled run is dropped on the spot: what its body would have taken back stays done.',
    mutate: withMutation('skip-compensation'),
  },
  {
    name: 'orphans', caughtBy: 'orphans', point: team,
    about: 'A child is started as if by a stranger: nobody ends it when its parent is cancelled.',
    mutate: withMutation('unlink-children'),
  },
  {
    name: 'dropped-child', caughtBy: 'orphans', point: team,
    about: 'The start of a child is lost, and its parent goes on with an empty result.',
    mutate: withMutation('drop-children'),
  },
  {
    name: 'repeated-child', caughtBy: 'orphans', point: teamCrash,
    about: 'A parent that is brought back begins its children again, under new ids, beside those that are still at work.',
    mutate: withMutation('repeat-children'),
  },
  {
    name: 'crossed-children', caughtBy: 'orphans', point: team,
    about: 'Results of children come in the order in which they ended, not in the order in which they were asked for.',
    mutate: withMutation('cross-children'),
  },
]
