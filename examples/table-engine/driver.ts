// A table-and-poll engine, as many teams have one at home: runs are rows in Postgres, and workers poll for rows without a living
// owner. Short before fast: whoever waits asks the store ten times a second. This file is what the harness sees of it.
import pg from 'pg'
import type { Capability, Deployment, Driver, Environment, Support } from 'durabench/contract/driver'
import type { JournalEntry, Reply, SignalEnvelope } from 'durabench/contract/logs'

// Values are `json`, which keeps text as it came; `jsonb` refuses \u0000 and rewrites numbers.
const tables = `
  CREATE TABLE IF NOT EXISTS runs (
    id text PRIMARY KEY, scenario text NOT NULL, input json NOT NULL,
    status text NOT NULL DEFAULT 'running', result json, cancel boolean NOT NULL DEFAULT false,
    token bigint NOT NULL DEFAULT 0, leased_until timestamptz NOT NULL DEFAULT '-infinity');
  CREATE INDEX IF NOT EXISTS claimable ON runs (leased_until) WHERE status = 'running';
  CREATE TABLE IF NOT EXISTS steps (
    run text, seq int, kind text NOT NULL, data json, due timestamptz, PRIMARY KEY (run, seq));
  CREATE TABLE IF NOT EXISTS signals (
    run text, signal_id text, name text NOT NULL, payload json NOT NULL, n bigint GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (run, signal_id));`

/** What a worker is told: plain JSON, since it crosses to another process. */
export type Config = { readonly postgresUrl: string; readonly schema: string; readonly leaseMs: number; readonly pollMs: number }

export const capabilities: Readonly<Record<Capability, Support>> = {
  'step': 'native', 'all': 'native', 'transact': 'absent', 'sleep': 'native',
  'signal-once': 'native', 'signal-stream': 'native', 'signal-early': 'native', 'signal-dedup': 'native',
  'child': 'native', 'uncancellable': 'absent', 'renew': 'absent', 'cancel': 'native', 'start-dedup': 'native',
  'journal': 'native', 'takeover': 'native', 'upgrade': 'absent',
}

const ours = <T>(value: T): { value: T; page: string } => ({ value, page: 'ours' })

export const driver: Driver = {
  name: 'table',
  title: 'table (rows in Postgres, workers that poll them)',
  needs: ['postgres'],
  placement: 'embedded',
  capabilities,
  promises: {
    effects: ours('exactly-once-recorded'),
    cancel: ours('boundary'),
    orphans: ours('cancel'),
    startDedup: ours('for as long as the row is kept'),
    timerGrainMs: ours(100),
    limits: ours('one statement a value: 1 GB'),
    recovery: ours({ who: 'engine', afterMs: 3_000 }),
    fencing: ours('every record is conditional on the run\'s lease token, which each take-over raises'),
  },
  variants: { default: null },
  settings: [],
  versions: () => ({ table: '1' }),
  deploy,
}

async function deploy({ postgresUrl, prefix: schema, budget: { leaseMs, pollMs } }: Environment): Promise<Deployment> {
  const config: Config = { postgresUrl: postgresUrl!, schema, leaseMs, pollMs }
  const pool = openPool(config, 1)
  await pool.query(`CREATE SCHEMA IF NOT EXISTS ${schema}; ${tables}`)
  return {
    info: config,
    worker: () => ({ module: new URL('./worker.ts', import.meta.url).href, config, stop: { signal: 'SIGTERM', graceMs: 8_000 } }),
    journal: (ids) => journal(pool, ids),
    [Symbol.asyncDispose]: () => pool.end(),
  }
}

export function openPool({ postgresUrl, schema }: Config, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: postgresUrl, options: `-c search_path=${schema}`, max })
  pool.on('error', () => undefined) // the store may be killed while a connection is idle; the next query connects anew
  return pool
}

/** Runs by id and their children (`<parent>/<seq>`), read straight from the tables. */
async function* journal(pool: pg.Pool, ids: readonly string[]): AsyncIterable<JournalEntry> {
  const runs = await pool.query<{ id: string; status: string }>('SELECT id, status FROM runs WHERE split_part(id, \'/\', 1) = ANY($1)', [ids])
  for (const { id, status } of runs.rows) {
    yield { workflowId: id, kind: 'start', seq: 0 }
    if (status !== 'running') yield { workflowId: id, kind: 'end', seq: -1 }
  }
  const steps = await pool.query<StepRow>('SELECT run, seq, kind, data FROM steps WHERE kind <> \'waiting\' AND split_part(run, \'/\', 1) = ANY($1)', [ids])
  for (const row of steps.rows) yield entry(row)
}

interface StepRow { readonly run: string; readonly seq: number; readonly kind: string; readonly data: unknown }

function entry({ run: workflowId, seq, kind, data }: StepRow): JournalEntry {
  if (kind === 'slept') return { workflowId, seq, kind: 'timer' }
  if (kind === 'timeout') return { workflowId, seq, kind: 'signal' }
  if (kind === 'signal') return { workflowId, seq, kind, signalId: (data as SignalEnvelope).s }
  if (kind.startsWith('child')) return { workflowId, seq, kind: 'child' }
  if (kind === 'step-failed') return { workflowId, seq, kind: 'step' }
  const { n, e } = data as Reply
  return { workflowId, seq, kind: 'step', nonce: n, ...(e === undefined ? {} : { effectId: e }) }
}
