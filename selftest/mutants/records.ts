// Fences, take-overs, commits, and what the journal says.
import type { Deployment } from '../../contract/driver.ts'
import type { JournalEntry } from '../../contract/logs.ts'
import { bookings, bookingsCrash, calm, deploy, pause, pauseInWait, takeOver } from '../points.ts'
import { withDeployment, withMutation, type Mutant } from '../mutant.ts'

/** A worker that parks learns at once that it was taken over. */
const neverParks = { parkAfterMs: 60_000 }

/** Its journal passes through `change`, run by run. */
const journalled = (change: (entry: JournalEntry) => readonly JournalEntry[]): Mutant['mutate'] => withDeployment((deployment: Deployment) => ({
  async *journal(ids) {
    for await (const entry of deployment.journal(ids)) yield* change(entry)
  },
}))

export const records: readonly Mutant[] = [
  {
    name: 'unfenced-zombie', caughtBy: 'fencing', point: pause,
    about: 'A lease without a fencing token: a worker that was paused longer than its lease renews it with its backlog when it wakes, and goes on recording.',
    mutate: withMutation('no-fence'),
  },
  {
    name: 'unfenced-wait', caughtBy: 'stability', point: pauseInWait,
    about: 'A wait that is written by its key alone: a worker that was taken over wakes, finds that the time is up, and writes that over the answer that its heir has acted upon.',
    mutate: withMutation('unfenced-waits', neverParks),
  },
  {
    name: 'unfenced-end', caughtBy: 'finality', point: pause,
    about: 'A fence for what steps came to and none for ends: a worker that was taken over can\'t record its step, takes that for a failure, and ends a run that its heir is at work on.',
    mutate: withMutation('unfenced-ends', neverParks),
  },
  {
    name: 'unversioned-deploy', caughtBy: 'liveness', point: deploy,
    about: 'Code whose version nobody raises: a deploy hands runs in flight to a body that has not begun them, their records don\'t fit, and they are put aside for good.',
    mutate: withMutation('unversioned'),
  },
  {
    name: 'swallowed-take-over', caughtBy: 'liveness', point: takeOver,
    about: 'An error in a take-over is swallowed, and with it the run: it has an owner who does not know of it.',
    mutate: withMutation('drop-on-take-over'),
  },
  {
    name: 'living-taken-over', caughtBy: 'effects', point: calm,
    about: 'Leases shorter than the pulse of their owners, and nothing but them: runs are taken over from workers that are at work on them.',
    mutate: (honest) => ({ ...withMutation('no-fence')(honest), deploy: (env) => honest.deploy({ ...env, budget: { ...env.budget, leaseMs: 1 } }) }),
  },
  {
    name: 'resent-batch', caughtBy: 'effects', point: bookings,
    about: 'A commit without a number: when its answer is lost it is sent again, and nothing tells that it has already passed.',
    mutate: withMutation('no-batch-check'),
  },
  {
    name: 'transact-in-two', caughtBy: 'effects', point: bookingsCrash,
    about: 'A statement\'s effect is one commit and its record another: a crash between them books twice.',
    mutate: withMutation('transact-in-two'),
  },
  {
    name: 'invented-record', caughtBy: 'stability', point: calm,
    about: 'The journal says recorded of a step that never ran.',
    mutate: journalled((entry) => (entry.kind === 'end' ? [{ workflowId: entry.workflowId, kind: 'step', seq: 7, nonce: 2 ** 45 }, entry] : [entry])),
  },
  {
    name: 'lost-record', caughtBy: 'stability', point: calm,
    about: 'A step of a completed run is missing in the journal: a replay would make it again.',
    mutate: journalled((entry) => (entry.kind === 'step' && entry.seq === 2 ? [] : [entry])),
  },
]
