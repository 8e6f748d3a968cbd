// How the app speaks with the engine: statements on the same tables. Each is asked once.
import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { Rejected, Unknown } from 'durabench/contract/errors'
import type { Client, Outcome } from 'durabench/contract/driver'

export function createClient(pool: pg.Pool, pollMs: number): Client {
  /** What the store did not answer may have happened, and the caller has to know that. */
  const ask = <R extends object>(text: string, values: readonly unknown[]): Promise<R[]> => pool.query<R>(text, [...values]).then(({ rows }) => rows, (error: unknown) => {
    throw new Unknown(String(error))
  })
  async function outcomes(ids: readonly string[]): Promise<Map<string, Outcome>> {
    const rows = await ask<{ id: string; status: string; result: object | null }>('SELECT id, status, result FROM runs WHERE id = ANY($1)', [ids])
    const found = new Map<string, Outcome>(ids.map((id) => [id, { status: 'absent' }]))
    for (const { id, status, result } of rows) found.set(id, { status, ...result } as Outcome)
    return found
  }
  return {
    outcomes,
    async start({ scenario, id, input }) {
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
    cancel: (id) => Promise.reject(new Rejected(`this engine has no cancel; ${id} goes on`)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}
