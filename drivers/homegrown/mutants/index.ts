// Ways to break the engine on purpose, so that the oracle can be shown to notice: each by its name, put together as worker.ts needs
// them. This is loaded only where a configuration asks for a mutation.
import type { Client, Primitives, WorkerHost } from '../../../contract/driver.ts'
import { StepFailed } from '../../../contract/errors.ts'
import { strict, type Seams } from '../engine/index.ts'
import * as families from './families.ts'
import type { Database, Lie } from './lie.ts'
import * as lives from './lives.ts'
import * as records from './records.ts'
import * as starts from './starts.ts'
import * as steps from './steps.ts'
import { writesUnfenced } from './unfenced-rows.ts'
import * as waits from './waits.ts'

const duplicate = { onDuplicate: 'ON CONFLICT DO NOTHING' } as const

const lies = {
  'ack-before-commit': records.acknowledgesFirst,
  'adopt-living': starts.adoptsTheLiving,
  'add-to-inputs': steps.addsToInputs,
  'believe-unanswered': () => ({ guards: { unanswered: 'believe' } }),
  'cancel-two': families.cancelsTwo,
  'change-inputs': steps.changesInputs,
  'change-keys': steps.changesKeys,
  'compensate-twice': families.compensatesTwice,
  'condemn-together': lives.condemnsTogether,
  'cross-answers': waits.crossesAnswers,
  'cross-children': families.crossesChildren,
  'cross-outcomes': starts.crossesOutcomes,
  'deny-success': steps.deniesSuccess,
  'drain-at-renewal': lives.drainsAtRenewal,
  'drop-children': families.dropsChildren,
  'drop-on-take-over': records.dropsOnTakeOver,
  'fire-early': waits.firesEarly,
  'forget-decisions': waits.forgetsDecisions,
  'give-up': steps.givesUp,
  'hedge': steps.hedges,
  'ignore-cancels': families.ignoresCancels,
  'join-early': () => steps.joinsEarly((message) => new StepFailed('exhausted', message)),
  'lose-early-signal': waits.forgetsEarly,
  'lose-signals': waits.losesSignals,
  'memoize': steps.memoizes,
  'misroute-signals': waits.misroutesSignals,
  'mix-inputs': starts.mixesInputs,
  'narrow-numbers': starts.narrowsNumbers,
  'never-condemn': lives.neverCondemns,
  // A journal that swallows what is there already.
  'no-batch-check': () => ({ guards: { fence: 'id = $1 AND NOT fenced', ...duplicate } }),
  'no-fence': () => ({ guards: { fence: 'id = $1', revoke: 'expires = clock_timestamp() + interval \'1 hour\'', ...duplicate } }),
  'overwrite-ends': records.overwritesEnds,
  'read-latest': waits.readsLatest,
  'read-stale': starts.readsStale,
  'record-first': records.recordsFirst,
  'reject-and-run': starts.rejectsAndRuns,
  'renew-from-first': lives.renewsFromFirst,
  'repeat-children': families.repeatsChildren,
  'report-cancelled': starts.reportsCancelled,
  'rerun-claimed': (database) => ({ ...records.forgetsLastStep(database), guards: duplicate }),
  'restart-timers': records.restartsTimers,
  'share-keys': steps.sharesKeys,
  'skip-compensation': families.skipsCompensation,
  'skip-in-flight': records.skipsInFlight,
  'stale-reply': steps.answersWithOlder,
  'start-twice': starts.startsTwice,
  'straggle': steps.straggles,
  'swallow-after-timeout': waits.swallowsAfterTimeout,
  'swap-numbers': steps.swapsNumbers,
  'take-any-name': waits.takesAnyName,
  'take-twice': waits.takesTwice,
  'transact-in-two': records.commitsTwice,
  'try-for-ever': steps.triesForEver,
  'try-refusals': steps.triesRefusals,
  'unfenced-ends': (database) => ({ store: (store) => writesUnfenced('ends', store, database) }),
  'unfenced-waits': (database) => ({ store: (store) => writesUnfenced('waits', store, database) }),
  'unlink-children': families.unlinksChildren,
  'unversioned': () => ({ version: '1' }),
  'wake-nobody': waits.wakesNobody,
} satisfies Readonly<Record<string, (database: Database) => Lie>>

export type Mutation = keyof typeof lies

export interface Mutations {
  readonly seams: Partial<Seams>
  readonly host: (host: WorkerHost) => WorkerHost
  readonly primitives: (primitives: Primitives, id: string) => Primitives
  readonly client: (client: Client) => Client
}

/** Several lies at once lie one about the other, the last outermost. */
export function mutate(mutations: readonly Mutation[], database: Database): Mutations {
  const told = mutations.map((name): Lie => lies[name](database))
  const mailbox = told.find((lie) => lie.mailbox !== undefined)?.mailbox
  const by = <T>(honest: T, change: (lie: Lie) => ((found: T) => T) | undefined): T => told.reduce((found, lie) => change(lie)?.(found) ?? found, honest)
  return {
    seams: {
      guards: Object.assign({}, strict, ...told.map(({ guards }) => guards)) as Seams['guards'],
      ...(mailbox === undefined ? {} : { createMailbox: mailbox }),
      decorateStore: (store) => by(store, (lie) => lie.store),
    },
    host: (host) => ({ ...host, slot: { ...host.slot, version: by(host.slot.version, ({ version }) => (version === undefined ? undefined : () => version)) }, execute: by((call) => host.execute(call), (lie) => lie.execute) }),
    primitives: (primitives, id) => by(primitives, ({ body }) => body && ((found) => body(found, id))),
    client: (client) => by(client, (lie) => lie.client),
  }
}
