// A table-and-poll engine as teams write one in an afternoon: runs are rows, workers claim rows whose lease ran out, and a step's result
// is written when it is there. It has one bug. Who writes does not ask whether the claim is still its own: a worker that slept through
// its lease wakes and writes over what its heir did. FENCED=1 mends it: each write then names the token of the claim.
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { runBody } from 'durabench/context'
import { isNamed, StepFailed, Unsupported } from 'durabench/contract/errors'
import type { NumberedOp, Outcome, Primitives, RunningWorker, WorkerHost } from 'durabench/contract/driver'
import type { Json } from 'durabench/contract/json'
import type { SignalEnvelope } from 'durabench/contract/logs'
import type { Settled } from 'durabench/contract/scenario'
import { createClient } from './client.ts'
import { capabilities, type Config } from './driver.ts'

type Recorded = { readonly kind: string; readonly data: Json }
interface Claim { readonly id: string; readonly scenario: string; readonly input: Json; readonly token: string }
/** Taken over, or this worker stops: the body ends where it is. */
class Dropped extends Error {}

export function startWorker(host: WorkerHost): Promise<RunningWorker> {
  const { postgresUrl, schema, leaseMs, pollMs, fenced } = host.config as Config
  const pool = new pg.Pool({ connectionString: postgresUrl, options: `-c search_path=${schema}`, max: 10 })
  pool.on('error', () => undefined) // the store may be killed; the next query connects anew
  const playing = new Map<Claim, Promise<void>>()
  let stopping = false

  /** Asks until the store answers, so each statement must bear to be executed twice. */
  async function query<R extends object>(text: string, values: readonly unknown[]): Promise<R[]> {
    for (;; await delay(pollMs)) {
      try {
        return (await pool.query<R>(text, [...values])).rows
      } catch (error) {
        if (error instanceof pg.DatabaseError && !/^(40|53|57)/.test(error.code ?? '')) throw error
      }
    }
  }

  async function poll(): Promise<void> {
    for (; !stopping; await delay(pollMs)) {
      await lease(`clock_timestamp() + ${leaseMs} * interval '1 ms'`)
      const claims = await query<Claim>(
        `UPDATE runs SET token = token + 1, leased_until = clock_timestamp() + $1 * interval '1 ms'
         WHERE id IN (SELECT id FROM runs WHERE status = 'running' AND leased_until < clock_timestamp() LIMIT 100 FOR UPDATE SKIP LOCKED)
         RETURNING id, scenario, input, token`, [leaseMs])
      for (const claim of claims) playing.set(claim, play(claim).catch(fail).finally(() => playing.delete(claim)))
    }
  }

  const lease = (until: string): Promise<object[]> => query(
    `UPDATE runs SET leased_until = ${until} FROM unnest($1::text[], $2::bigint[]) AS mine (id, token) WHERE runs.id = mine.id AND runs.token = coalesce(mine.token, runs.token)`,
    [[...playing.keys()].map(({ id }) => id), [...playing.keys()].map(fence)])
  const fence = ({ token }: Claim): string | null => (fenced ? token : null)
  const fail = (error: unknown): never => host.fatal(`the engine has a bug: ${error instanceof Error ? error.stack : String(error)}`)

  async function play(claim: Claim): Promise<void> {
    const { id, scenario, input } = claim
    const rows = await query<Recorded & { seq: number }>('SELECT seq, kind, data FROM steps WHERE run = $1 AND kind <> \'waiting\'', [id])
    const recorded = new Map(rows.map(({ seq, kind, data }) => [seq, { kind, data } as Recorded]))

    async function record(seq: number, kind: string, data: Json): Promise<Recorded> {
      const written = await query(
        `WITH mine AS (SELECT id FROM runs WHERE id = $1 AND token = coalesce($2::bigint, token) FOR UPDATE)
         INSERT INTO steps (run, seq, kind, data) SELECT id, $3::int, $4, $5::json FROM mine
         ON CONFLICT (run, seq) DO UPDATE SET kind = excluded.kind, data = excluded.data RETURNING seq`, [id, fence(claim), seq, kind, JSON.stringify(data)])
      if (written.length === 0) throw new Dropped('the run was taken over')
      recorded.set(seq, { kind, data })
      return { kind, data }
    }

    async function step(op: NumberedOp): Promise<Settled<Json>> {
      if (!('step' in op)) throw new Unsupported('this engine has steps and waits, no children')
      const { kind, data } = recorded.get(op.seq) ?? await attempts(op)
      if (kind === 'step') return { ok: true, value: data }
      const { code, message } = data as { code: 'refused' | 'exhausted'; message: string }
      return { ok: false, error: new StepFailed(code, message) }
    }

    async function attempts(op: Extract<NumberedOp, { step: string }>): Promise<Recorded> {
      const { retry } = host.spec(scenario, op.step)
      for (let attempt = 1, pauseMs = retry.firstMs; ; attempt++, pauseMs = Math.min(pauseMs * retry.factor, retry.maxMs)) {
        if (stopping) throw new Dropped('this worker stops')
        const reply = await host.execute({ ...op, scenario, workflowId: id }).catch((error: Error) => error)
        if (!(reply instanceof Error)) return record(op.seq, 'step', reply)
        if (isNamed(reply, 'Refused') || attempt === retry.attempts) return record(op.seq, 'step-failed', { code: isNamed(reply, 'Refused') ? 'refused' : 'exhausted', message: reply.message })
        await delay(pauseMs)
      }
    }

    /** When it is due is written down before it waits, so that whoever takes over waits for the rest. */
    async function wait(seq: number, ms: number | null, name: string | null): Promise<Recorded> {
      await query(`INSERT INTO steps (run, seq, kind, due) VALUES ($1, $2, 'waiting', clock_timestamp() + $3::float8 * interval '1 ms') ON CONFLICT DO NOTHING`, [id, seq, ms])
      const taken = [...recorded.values()].filter(({ kind }) => kind === 'signal').map(({ data }) => (data as SignalEnvelope).s)
      for (;; await delay(pollMs)) {
        if (stopping) throw new Dropped('this worker stops')
        const [now] = await query<{ over: boolean | null; payload: Json }>(
          `SELECT due <= clock_timestamp() AS over, (SELECT payload FROM signals WHERE run = $1 AND name = $3 AND signal_id <> ALL($4) ORDER BY n LIMIT 1) AS payload
           FROM steps WHERE run = $1 AND seq = $2`, [id, seq, name, taken])
        if (now!.payload !== null) return record(seq, 'signal', now!.payload)
        if (now!.over === true) return record(seq, name === null ? 'slept' : 'timeout', null)
      }
    }

    const primitives: Primitives = {
      async run(ops) {
        const settling = ops.map(step)
        await Promise.allSettled(settling) // nothing of a run goes on after its end
        return Promise.all(settling)
      },
      sleep: async (seq, ms) => void (recorded.get(seq) ?? await wait(seq, ms, null)),
      async signal(seq, name, timeoutMs) {
        const { kind, data } = recorded.get(seq) ?? await wait(seq, timeoutMs ?? null, name)
        return kind === 'signal' ? { got: data } : 'timeout'
      },
      reached: (point, seq) => host.reached(point, id, seq),
    }
    const ended = await runBody(host.scenarios.get(scenario)!.workflow, id, input, primitives, capabilities).then(
      (output): Outcome => ({ status: 'completed', output: output as unknown as Json }),
      (error: Error & { code?: string }): Outcome | null => (error instanceof Dropped ? null : { status: 'failed', error: { code: isNamed(error, 'StepFailed') ? error.code! : error.name, message: error.message } }))
    if (ended === null) return
    const { status, ...result } = ended
    await query('UPDATE runs SET status = $3, result = $4 WHERE id = $1 AND token = coalesce($2::bigint, token)', [id, fence(claim), status, JSON.stringify(result)])
  }

  const polling = poll().catch(fail)
  return Promise.resolve({
    client: createClient(pool, pollMs),
    async stop() {
      stopping = true
      await polling
      await Promise.race([Promise.all(playing.values()), delay(5_000)])
      await lease('\'-infinity\'')
      await pool.end()
    },
  })
}
