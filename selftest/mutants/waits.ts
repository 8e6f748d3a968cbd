// Timers, signals, and which of them ended a wait.
import { calm, inbox, longTimer, reminders, rivals, rivalsCrash, stream } from '../points.ts'
import { withMutation, type Mutant } from '../mutant.ts'

export const waits: readonly Mutant[] = [
  {
    name: 'early-timer', caughtBy: 'timers', point: calm,
    about: 'A timer is due by another clock than the one that it was set by.',
    mutate: withMutation('fire-early'),
  },
  {
    name: 'restarted-timer', caughtBy: 'timers', point: longTimer,
    about: 'Recovery begins a timer anew instead of waiting for what is left of it.',
    mutate: withMutation('restart-timers', { parkAfterMs: 60_000 }),
  },
  {
    name: 'lose-early-signal', caughtBy: 'signals', point: calm,
    about: 'A signal that arrives before the body waits for it is accepted and dropped, as waits on an event bus do.',
    mutate: withMutation('lose-early-signal'),
  },
  {
    name: 'lost-signal', caughtBy: 'signals', point: calm,
    about: 'A signal is acknowledged and was never stored.',
    mutate: withMutation('lose-signals'),
  },
  {
    name: 'misrouted-signal', caughtBy: 'signals', point: calm,
    about: 'A signal reaches another run that waits for one of that name: they are told apart by less than their id.',
    mutate: withMutation('misroute-signals'),
  },
  {
    name: 'crossed-answers', caughtBy: 'signals', point: rivals,
    about: 'Two waits that end in one poll are handed each other\'s message.',
    mutate: withMutation('cross-answers'),
  },
  {
    name: 'wrong-wait', caughtBy: 'signals', point: reminders,
    about: 'A wait takes whatever comes first, whatever its name.',
    mutate: withMutation('take-any-name'),
  },
  {
    name: 'consumed-twice', caughtBy: 'signals', point: stream,
    about: 'The inbox delivers at least once and nobody looks at ids: one message is answered twice.',
    mutate: withMutation('take-twice'),
  },
  {
    name: 'swallowed-by-timeout', caughtBy: 'signals', point: reminders,
    about: 'A waiter that has timed out stays on the list: the next message is handed to it, and nobody gets it.',
    mutate: withMutation('swallow-after-timeout'),
  },
  {
    name: 'lost-wake-up', caughtBy: 'liveness', point: inbox,
    about: 'A message is stored for a run that sleeps, and nobody wakes it.',
    mutate: withMutation('wake-nobody'),
  },
  {
    name: 'later-answer-wins', caughtBy: 'races', point: rivals,
    about: 'The first approval ends the wait, and what is then read is the latest: the run does what the second one says.',
    mutate: withMutation('read-latest'),
  },
  {
    name: 'forgotten-decision', caughtBy: 'races', point: rivalsCrash,
    about: 'What a wait came to is acted upon before it is recorded: whoever recovers the run reads another answer.',
    mutate: withMutation('forget-decisions'),
  },
]
