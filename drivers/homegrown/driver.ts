// The homegrown engine as an app would use it: a library in the worker's process, and Postgres. deploy() makes its schema;
// the journal is read straight from its table.
import { createRequire } from 'node:module'
import { moduleBeside } from '../../contract/beside.ts'
import type { Deployment, Driver, Environment } from '../../contract/driver.ts'
import { capabilities, type Config } from './config.ts'
import { engineVersion, Link, migrate } from './engine/index.ts'
import { exportJournal } from './journal.ts'
import { promises } from './promises.ts'

const drainMs = 3_000
/** MiB of each half of V8's young generation: with less, a collection comes before most of a batch's garbage has died. */
const semiSpaceMiB = 64

export const driver: Driver = {
  name: 'homegrown',
  title: 'homegrown (library on Postgres, this project\'s own)',
  needs: ['postgres'],
  placement: 'embedded',
  capabilities,
  promises,
  // parking: every wait leaves memory at the next look, so that the shortest test sees it.
  variants: { default: { parkAfterMs: 1_000 }, parking: { parkAfterMs: 0 } },
  settings: [
    { name: 'parkAfterMs', value: '1000', why: 'here waits of seconds stand for waits of hours, which leave memory; its own default is 10 s' },
    { name: 'node --min-semi-space-size, --max-semi-space-size', value: String(semiSpaceMiB), why: 'V8\'s default collects young objects so often that what a batch holds is copied several times' },
  ],
  versions: () => ({ engine: engineVersion, pg: (createRequire(import.meta.url)('pg/package.json') as { version: string }).version }),
  deploy,
}

async function deploy(env: Environment): Promise<Deployment> {
  if (env.postgresUrl === undefined) throw new Error('the homegrown driver needs Postgres; expected Environment.postgresUrl, found none')
  const { mutations = [], parkAfterMs } = env.variant as { mutations?: Config['mutations']; parkAfterMs: number }
  const config: Config = { postgresUrl: env.postgresUrl, schema: env.prefix, leaseMs: env.budget.leaseMs, pollMs: env.budget.pollMs, parkAfterMs, mutations }
  await migrate(config.postgresUrl, config.schema)
  const link = new Link({ url: config.postgresUrl, name: `${config.schema} journal`, answerWithinMs: 120_000, idleInTransactionMs: 60_000 })
  for (const scenario of env.scenarios) for (const text of scenario.tables ?? []) await link.query({ text })
  const info = { ...config }

  return {
    info,
    worker: () => ({ module: moduleBeside(import.meta.url, './worker').href, config: info, nodeArgs: [`--min-semi-space-size=${semiSpaceMiB}`, `--max-semi-space-size=${semiSpaceMiB}`], stop: { signal: 'SIGTERM', graceMs: drainMs + 3_000 } }),
    journal: (ids) => exportJournal(link, config.schema, ids),
    [Symbol.asyncDispose]: () => link.close(),
  }
}
