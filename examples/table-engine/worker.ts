// The app's process: it polls for runs that nobody owns, plays them, keeps their leases, and is the client too.
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { Rejected, Unknown } from 'durabench/contract/errors'
import type { Client, Outcome, RunningWorker, WorkerHost } from 'durabench/contract/driver'
import { openPool, type Config } from './driver.ts'
import { Run, type Claim, type Query } from './run.ts'

const claimsAtOnce = 100
const drainMs = 5_000

export function startWorker(host: WorkerHost): Promise<RunningWorker> {
  const { leaseMs, pollMs, ...config } = host.config as Config
  const pool = openPool({ leaseMs, pollMs, ...config }, 10)
  const playing = new Map<Run, Promise<void>>()
  let stopping = false

  const query: Query = async <R extends object>(text: string, values: readonly unknown[]) => {
    for (;; await delay(pollMs)) {
      try {
        return (await pool.query<R>(text, [...values])).rows
      } catch (error) {
        if (isBug(error)) throw error
      }
    }
  }

  async function poll(): Promise<void> {
    for (let renewAt = 0; !stopping; await delay(pollMs)) {
      // Leases first: after a restart of the store they may all have run out.
      if (performance.now() >= renewAt) {
        await lease('clock_timestamp() + $3 * interval \'1 ms\'', [leaseMs])
        renewAt = performance.now() + leaseMs / 3
      }
      for (const claim of await claimed()) begin(new Run(host, query, pollMs, claim))
    }
  }

  function claimed(): Promise<Claim[]> {
    return query<Claim>(
      `UPDATE runs SET token = token + 1, leased_until = clock_timestamp() + $1 * interval '1 ms'
       WHERE id = ANY (ARRAY (SELECT id FROM runs WHERE status = 'running' AND leased_until < clock_timestamp() LIMIT $2 FOR UPDATE SKIP LOCKED))
       RETURNING id, scenario, input, token, cancel`, [leaseMs, claimsAtOnce])
  }

  async function lease(until: string, values: readonly unknown[]): Promise<void> {
    const mine = [...playing.keys()].map((run) => run.claim)
    await query(
      `UPDATE runs SET leased_until = ${until} FROM unnest($1::text[], $2::bigint[]) AS mine (id, token)
       WHERE runs.id = mine.id AND runs.token = mine.token`, [mine.map((claim) => claim.id), mine.map((claim) => claim.token), ...values])
  }

  function begin(run: Run): void {
    const end = run.play().catch(fail).finally(() => playing.delete(run))
    playing.set(run, end)
  }

  const fail = (error: unknown): never => host.fatal(`the table engine has a bug: ${error instanceof Error ? error.stack : String(error)}`)
  const polling = poll().catch(fail)

  return Promise.resolve({
    client: createClient(host, pool, pollMs),
    async stop() {
      stopping = true
      await polling
      for (const run of playing.keys()) run.drop()
      await Promise.race([Promise.all(playing.values()), delay(drainMs)])
      await lease('\'-infinity\'', [])
      await pool.end()
    },
  })
}

function createClient(host: WorkerHost, pool: pg.Pool, pollMs: number): Client {
  /** Asked once: whatever the store does not answer may have happened, and the caller must know that. */
  async function ask<R extends object>(text: string, values: readonly unknown[]): Promise<R[]> {
    try {
      return (await pool.query<R>(text, [...values])).rows
    } catch (error) {
      throw isBug(error) ? error : new Unknown(String(error))
    }
  }

  async function outcomes(ids: readonly string[]): Promise<Map<string, Outcome>> {
    const rows = await ask<{ id: string; status: string; result: object | null }>('SELECT id, status, result FROM runs WHERE id = ANY($1)', [ids])
    const found = new Map<string, Outcome>(ids.map((id) => [id, { status: 'absent' }]))
    for (const { id, status, result } of rows) found.set(id, { status, ...result } as Outcome)
    return found
  }

  return {
    outcomes,
    async start({ scenario, id, input }) {
      if (!host.scenarios.has(scenario)) throw new Rejected(`no scenario '${scenario}'`)
      const rows = await ask('INSERT INTO runs (id, scenario, input) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING RETURNING id', [id, scenario, JSON.stringify(input)])
      return rows.length === 1 ? 'started' : 'existing'
    },
    async outcome(id, signal) {
      for (; !signal.aborted; await delay(pollMs)) {
        const found = (await outcomes([id])).get(id)!
        if (found.status !== 'running') return found
      }
      throw new Unknown(`nobody waits for ${id} any more`)
    },
    async signal({ id, name, payload, signalId }) {
      const rows = await ask(
        `INSERT INTO signals (run, signal_id, name, payload) SELECT id, $2, $3, $4::json FROM runs WHERE id = $1 AND status = 'running'
         ON CONFLICT (run, signal_id) DO UPDATE SET name = excluded.name RETURNING run`, [id, signalId, name, JSON.stringify(payload)])
      if (rows.length === 0) throw new Rejected(`no run '${id}' that could take a signal`)
    },
    async cancel(id) {
      const rows = await ask('UPDATE runs SET cancel = true WHERE (id = $1 OR starts_with(id, $1 || \'/\')) AND status = \'running\' RETURNING id', [id])
      if (rows.length === 0) throw new Rejected(`no run '${id}' that could be cancelled`)
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

/** The store understood and refused: sending it again would change nothing. Else (40 a deadlock, 53 too many connections, 57 it is stopping or starting) it may pass later. */
function isBug(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !/^(40|53|57)/.test(error.code ?? '')
}
