// DBOS as its open-source users run it: a library in the app's process, one system database in Postgres, no Conductor.
// So recovery is what the library gives alone: a worker that comes back under its own executor id recovers its runs at
// launch; runs of an executor that does not come back wait for an operator's call (Deployment.recover).
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'
import { promisify } from 'node:util'
import { DBOSClient } from '@dbos-inc/dbos-sdk'
import pg from 'pg'
import type { Deployment, Driver, Environment } from '../../contract/driver.ts'
import { promises } from './promises.ts'
import { readJournal } from './journal.ts'
import { applicationName, drainMs, poolSize, queueName, type DbosConfig, type Variant } from './settings.ts'

const capabilities: Driver['capabilities'] = {
  'step': 'native', 'all': 'native', 'transact': 'absent', 'sleep': 'native',
  'signal-once': 'native', 'signal-stream': 'native', 'signal-early': 'native', 'signal-dedup': 'native',
  'child': 'native', 'uncancellable': 'absent', 'renew': 'absent', 'cancel': 'native', 'start-dedup': 'native',
  'journal': 'native', 'takeover': 'native',
}

const migrateMs = 60_000

const defaults: Variant = { queue: false }
const queued: Variant = { queue: true }

export const driver: Driver = {
  name: 'dbos',
  title: 'DBOS (TypeScript library on Postgres)',
  needs: ['postgres'],
  placement: 'embedded',
  capabilities,
  promises,
  variants: { default: defaults, queue: queued },
  settings: [
    { name: 'executorID', value: 'the slot\'s identity', why: 'the default is "local" for every process; with several workers each needs its own, or their runs can\'t be told apart at recovery' },
    { name: 'applicationVersion', value: 'the slot\'s version', why: 'the default is a hash of the source; only workers of the same version recover a run' },
    { name: 'systemDatabasePoolSize', value: String(poolSize), why: 'the default of 10 bounds the rate first; measured: a sixth more with 20' },
    { name: 'pollingIntervalMs', value: 'pollMs of the time budget', why: 'waiting for a run of another process polls, by default once a second; all engines that poll get the same interval' },
    { name: 'recv timeoutSeconds', value: 'one year where a scenario gives none', why: 'the default gives up after 60 s' },
    { name: 'step backoffRate', value: 'lowered where the policy\'s maxMs binds', why: 'the cap on the pause between attempts is fixed at one hour; a flatter curve ends at maxMs instead' },
    { name: 'shutdown workflowCompletionTimeoutMS', value: String(drainMs), why: 'the default does not wait at all for steps in flight' },
    { name: 'logLevel', value: 'warn', why: 'at info each launch prints its queues and versions' },
    { name: 'variant queue: minPollingIntervalMs', value: 'pollMs of the time budget', why: 'the default polls a queue once a second' },
  ],
  versions: () => ({ 'dbos-sdk': (createRequire(import.meta.url)('@dbos-inc/dbos-sdk/package.json') as { version: string }).version }),
  deploy,
}

async function deploy(env: Environment): Promise<Deployment> {
  if (env.postgresUrl === undefined) throw new Error('the dbos driver needs Postgres; expected Environment.postgresUrl, found none')
  const database = new URL(env.postgresUrl)
  database.pathname = `/${env.prefix}_dbos`
  const databaseUrl = database.href
  const { queue } = { ...defaults, ...(env.variant as Partial<Variant> | null) }
  const config: DbosConfig = { databaseUrl, pollMs: env.budget.pollMs, queue, capabilities }

  await createDatabase(env.postgresUrl, `${env.prefix}_dbos`)
  await migrate(databaseUrl)
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 })
  pool.on('error', () => undefined) // the store may be killed between two reads; the next read connects anew

  return {
    info: config,
    worker: () => ({
      module: new URL(`./worker${extname(import.meta.filename)}`, import.meta.url).href,
      config,
      stop: { signal: 'SIGTERM', graceMs: drainMs + 3_000 },
    }),
    journal: (ids) => readJournal(pool, ids),
    recover: (lost) => recover(databaseUrl, lost, queue),
    [Symbol.asyncDispose]: () => pool.end(),
  }
}

/** DBOS would create it too; done here so that two workers that launch at once don't race for it. */
async function createDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(`CREATE DATABASE ${name}`)
  } catch (error) {
    if ((error as { code?: string }).code !== '42P04') throw error // exists: deploy is idempotent
  } finally {
    await client.end()
  }
}

/**
 * `dbos schema`, as its docs tell a deployment to do it. A process of its own, since in ours it would print to the terminal
 * where the run's progress is drawn; before the workers, since two that launch at once would race to migrate.
 */
async function migrate(databaseUrl: string): Promise<void> {
  const cli = join(dirname(createRequire(import.meta.url).resolve('@dbos-inc/dbos-sdk')), 'cli', 'cli.js')
  await promisify(execFile)(process.execPath, [cli, 'schema', databaseUrl], { timeout: migrateMs })
}

/** The operator's act without Conductor: list what dead executors left pending, and resume it on whoever lives. */
async function recover(databaseUrl: string, lost: readonly string[], queue: boolean): Promise<void> {
  const client = await DBOSClient.create({ systemDatabaseUrl: databaseUrl, applicationName })
  try {
    const pending = await client.listWorkflows({ executorId: [...lost], status: 'PENDING', loadInput: false, loadOutput: false })
    if (pending.length > 0) await client.resumeWorkflows(pending.map((w) => w.workflowID), queue ? { queueName } : {})
  } finally {
    await client.destroy()
  }
}

