// DBOS's system database: made for the run, dropped with it. What happens here is what an operator of DBOS without Conductor
// does by hand: migrate before the first launch, and resume what a dead executor left pending.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { moduleBeside } from '../../contract/beside.ts'
import type { Deployment, Driver, Environment } from '../../contract/driver.ts'
import { readJournal } from './journal.ts'
import { applicationName, databaseVariable, drainMs, poolSize, queueName, type DbosConfig, type Variant } from './settings.ts'

const migrateMs = 60_000

export async function deploy(env: Environment, capabilities: Driver['capabilities']): Promise<Deployment> {
  if (env.postgresUrl === undefined) throw new Error('the dbos driver needs Postgres; expected Environment.postgresUrl, found none')
  const name = `${env.prefix}_dbos`
  const database = new URL(env.postgresUrl)
  database.pathname = `/${name}`
  const { queue, pool: connections = poolSize } = env.variant as Variant
  const config: DbosConfig = { databaseUrl: database.href, pollMs: env.budget.pollMs, queue, pool: connections, capabilities }

  await create(env.postgresUrl, name)
  await migrate(config.databaseUrl)
  const pool = new pg.Pool({ connectionString: config.databaseUrl, max: 1 })
  pool.on('error', () => undefined) // the store may be killed between two reads; the next read connects anew

  return {
    info: config,
    worker: () => ({ module: moduleBeside(import.meta.url, './worker').href, config, stop: { signal: 'SIGTERM', graceMs: drainMs + 3_000 } }),
    journal: (ids) => readJournal(pool, ids),
    recover: (lost) => recover(config, lost),
    async [Symbol.asyncDispose]() {
      await pool.end()
      await drop(env.postgresUrl!, name)
    },
  }
}

async function create(url: string, name: string): Promise<void> {
  try {
    await once(url, `CREATE DATABASE ${name}`)
  } catch (error) {
    if ((error as { code?: string }).code !== '42P04') throw error // exists: deploy is idempotent
  }
}

/** A store that is gone took its databases along. */
async function drop(url: string, name: string): Promise<void> {
  await once(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`).catch((error: unknown) => {
    if ((error as { code?: string }).code !== 'ECONNREFUSED') throw error
  })
}

async function once(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

async function migrate(databaseUrl: string): Promise<void> {
  await promisify(execFile)(process.execPath, [fileURLToPath(moduleBeside(import.meta.url, './migrate-main'))], { timeout: migrateMs, env: { ...process.env, [databaseVariable]: databaseUrl } })
}

/**
 * The operator's act without Conductor: list what dead executors left pending, and resume it on whoever lives. DBOS offers no
 * one call for both, so a run that is cancelled in between would be resumed all the same.
 */
async function recover({ databaseUrl, queue }: DbosConfig, lost: readonly string[]): Promise<void> {
  const { DBOSClient } = await import('@dbos-inc/dbos-sdk')
  const client = await DBOSClient.create({ systemDatabaseUrl: databaseUrl, applicationName })
  try {
    const pending = await client.listWorkflows({ executorId: [...lost], status: 'PENDING', loadInput: false, loadOutput: false })
    if (pending.length > 0) await client.resumeWorkflows(pending.map((w) => w.workflowID), queue ? { queueName } : {})
  } finally {
    await client.destroy()
  }
}
