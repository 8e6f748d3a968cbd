// What a client is told of its run, and what becomes of it.
import { driver as volatile } from '../../drivers/volatile/driver.ts'
import { calm, crash, crashEarly, lostRequests } from '../points.ts'
import { withMutation, type Mutant } from '../mutant.ts'

export const starts: readonly Mutant[] = [
  {
    name: 'no-durability', caughtBy: 'admission', point: crash,
    about: 'Runs live in the memory of the worker that took them, and die with it.',
    mutate: () => volatile,
  },
  {
    name: 'ack-before-commit', caughtBy: 'admission', point: crashEarly,
    about: 'A write-behind buffer: the client is told that its start is durable before the commit that makes it so.',
    mutate: withMutation('ack-before-commit'),
  },
  {
    name: 'believed-commit', caughtBy: 'admission', point: lostRequests,
    about: 'A lost connection taken for a success: nobody asks whether the commit under way took place.',
    mutate: withMutation('believe-unanswered'),
  },
  {
    name: 'rejected-start-runs', caughtBy: 'admission', point: calm,
    about: 'A start is refused as one too many, after it was queued: it runs all the same, and once more when the client tries elsewhere.',
    mutate: withMutation('reject-and-run'),
  },
  {
    name: 'start-not-idempotent', caughtBy: 'start-dedup', point: calm,
    about: 'The second start of an id, a client\'s retry, begins a second run of it.',
    mutate: withMutation('start-twice'),
  },
  {
    name: 'adopted-while-alive', caughtBy: 'effects', point: calm,
    about: 'Recovery at launch finds a run that this very process began a moment before, and runs its body beside it.',
    mutate: withMutation('adopt-living'),
  },
  {
    name: 'mixed-up-inputs', caughtBy: 'stability', point: calm,
    about: 'Columns of a bulk insert slipped by one row: each run is begun with its neighbour\'s input.',
    mutate: withMutation('mix-inputs'),
  },
  {
    name: 'narrowed-numbers', caughtBy: 'conservation', point: calm,
    about: 'An output loses something on its way through the store: numbers are kept in 16 bits.',
    mutate: withMutation('narrow-numbers'),
  },
  {
    name: 'crossed-outcomes', caughtBy: 'stability', point: calm,
    about: 'Two who wait for the ends of two runs are told each other\'s.',
    mutate: withMutation('cross-outcomes'),
  },
  {
    name: 'terminal-overwritten', caughtBy: 'finality', point: calm,
    about: 'A watchdog writes that a run took too long, and does not look whether it has ended meanwhile.',
    mutate: withMutation('overwrite-ends'),
  },
  {
    name: 'stale-read', caughtBy: 'finality', point: calm,
    about: 'Bulk reads go to a replica that lags: a run that was seen to end is running again.',
    mutate: withMutation('read-stale'),
  },
]
