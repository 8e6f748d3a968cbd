// What durabench sees of the engine: its tables, what it can do and promises, and how a worker of it is started.
import pg from 'pg'
import type { Capability, Deployment, Driver, Environment, Support } from 'durabench/contract/driver'
import type { JournalEntry, Reply, SignalEnvelope } from 'durabench/contract/logs'

const tables = `
  CREATE TABLE IF NOT EXISTS runs (
    id text PRIMARY KEY, scenario text NOT NULL, input json NOT NULL, status text NOT NULL DEFAULT 'running', result json,
    token bigint NOT NULL DEFAULT 0, leased_until timestamptz NOT NULL DEFAULT '-infinity');
  CREATE TABLE IF NOT EXISTS steps (run text, seq int, kind text NOT NULL, data json, due timestamptz, PRIMARY KEY (run, seq));
  CREATE TABLE IF NOT EXISTS signals (
    run text, signal_id text, name text NOT NULL, payload json NOT NULL, n bigint GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (run, signal_id));`

/** What a worker is told: plain JSON, since it crosses to another process. */
export type Config = { readonly postgresUrl: string; readonly schema: string; readonly leaseMs: number; readonly pollMs: number; readonly fenced: boolean }

export const capabilities: Readonly<Record<Capability, Support>> = {
  'step': 'native', 'all': 'native', 'transact': 'absent', 'sleep': 'native',
  'signal-once': 'native', 'signal-stream': 'native', 'signal-early': 'native', 'signal-dedup': 'native',
  'child': 'absent', 'uncancellable': 'absent', 'renew': 'absent', 'cancel': 'absent', 'start-dedup': 'native',
  'journal': 'native', 'takeover': 'native', 'upgrade': 'absent',
}

const ours = <T>(value: T): { value: T; page: string } => ({ value, page: 'ours' })

export const driver: Driver = {
  name: 'own',
  title: 'own (an afternoon\'s table and poll)',
  needs: ['postgres'],
  placement: 'embedded',
  capabilities,
  promises: {
    effects: ours('exactly-once-recorded'), cancel: ours('absent'), orphans: ours('none'), startDedup: ours('for as long as the row is kept'),
    timerGrainMs: ours(100), limits: ours('one statement a value'), recovery: ours({ who: 'engine', afterMs: 3_000 }), fencing: ours('a claim is a lease'),
  },
  variants: { default: null },
  settings: [],
  versions: () => ({ own: '1' }),
  deploy,
}

async function deploy({ postgresUrl, prefix: schema, budget: { leaseMs, pollMs } }: Environment): Promise<Deployment> {
  const config: Config = { postgresUrl: postgresUrl!, schema, leaseMs, pollMs, fenced: process.env['FENCED'] === '1' }
  const pool = new pg.Pool({ connectionString: config.postgresUrl, options: `-c search_path=${schema}`, max: 1 })
  pool.on('error', () => undefined)
  await pool.query(`CREATE SCHEMA IF NOT EXISTS ${schema}; ${tables}`)
  return {
    info: config,
    worker: () => ({ module: new URL('./engine.ts', import.meta.url).href, config, stop: { signal: 'SIGTERM', graceMs: 8_000 } }),
    journal: (ids) => journal(pool, ids),
    [Symbol.asyncDispose]: () => pool.end(),
  }
}

/** What is recorded, as it stands in the tables. */
async function* journal(pool: pg.Pool, ids: readonly string[]): AsyncIterable<JournalEntry> {
  const runs = await pool.query<{ id: string; status: string }>('SELECT id, status FROM runs WHERE id = ANY($1)', [ids])
  for (const { id: workflowId, status } of runs.rows) {
    yield { workflowId, kind: 'start', seq: 0 }
    if (status !== 'running') yield { workflowId, kind: 'end', seq: -1 }
  }
  const steps = await pool.query<{ workflowId: string; seq: number; kind: string; data: unknown }>('SELECT run AS "workflowId", seq, kind, data FROM steps WHERE kind <> \'waiting\' AND run = ANY($1)', [ids])
  for (const { workflowId, seq, kind, data } of steps.rows) {
    if (kind === 'slept') yield { workflowId, seq, kind: 'timer' }
    else if (kind === 'timeout') yield { workflowId, seq, kind: 'signal' }
    else if (kind === 'signal') yield { workflowId, seq, kind, signalId: (data as SignalEnvelope).s }
    else if (kind === 'step-failed') yield { workflowId, seq, kind: 'step' }
    else {
      const { n, e } = data as Reply
      yield { workflowId, seq, kind: 'step', nonce: n, ...(e === undefined ? {} : { effectId: e }) }
    }
  }
}
