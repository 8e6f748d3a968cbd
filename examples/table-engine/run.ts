// One run on one worker: the primitives that turn a body into rows. What is recorded is not done again. What was done is
// recorded on condition of the run's lease token, so a worker that lost the run may go on, but what it does enters no history.
import { setTimeout as delay } from 'node:timers/promises'
import { runBody } from 'durabench/context'
import { Cancelled, isNamed, StepFailed } from 'durabench/contract/errors'
import type { NumberedOp, Outcome, Primitives, WorkerHost } from 'durabench/contract/driver'
import type { Json } from 'durabench/contract/json'
import type { SignalEnvelope } from 'durabench/contract/logs'
import type { Settled } from 'durabench/contract/scenario'
import { capabilities } from './driver.ts'

export interface Claim { readonly id: string; readonly scenario: string; readonly input: Json; readonly token: string; readonly cancel: boolean }

/** Asks until the store answers, so each statement must bear to be executed twice. */
export type Query = <R extends object>(text: string, values: readonly unknown[]) => Promise<R[]>

type Recorded = { readonly kind: string; readonly data: Json }
type Owned = { readonly cancel: boolean }

/** The run is another worker's now, or this one stops: the body ends where it is, and its run stays open. */
class Dropped extends Error {}

export class Run implements Primitives {
  readonly claim: Claim
  readonly #host: WorkerHost
  readonly #query: Query
  readonly #pollMs: number
  readonly #recorded = new Map<number, Recorded>()
  #cancelled: boolean
  #dropped = false

  constructor(host: WorkerHost, query: Query, pollMs: number, claim: Claim) {
    this.#host = host
    this.#query = query
    this.#pollMs = pollMs
    this.claim = claim
    this.#cancelled = claim.cancel
  }

  /** Plays the body from its beginning, on top of what is recorded. Resolves when it has ended or was dropped. */
  async play(): Promise<void> {
    const { id, token } = this.claim
    const rows = await this.#query<Recorded & { seq: number }>('SELECT seq, kind, data FROM steps WHERE run = $1 AND kind <> \'waiting\'', [id])
    for (const { seq, kind, data } of rows) this.#recorded.set(seq, { kind, data })
    const ended = await this.#outcome()
    if (ended === null) return
    const { status, ...result } = ended
    await this.#query('UPDATE runs SET status = $3, result = $4 WHERE id = $1 AND token = $2', [id, token, status, JSON.stringify(result)])
  }

  /** The step at work ends and is recorded; nothing begins after it. */
  drop(): void {
    this.#dropped = true
  }

  async #outcome(): Promise<Outcome | null> {
    const { id, scenario, input } = this.claim
    try {
      const output = await runBody(this.#host.scenarios.get(scenario)!.workflow, id, input, this, capabilities)
      return { status: 'completed', output: output as unknown as Json }
    } catch (error) {
      if (error instanceof Dropped) return null
      if (isNamed(error, 'Cancelled')) return { status: 'cancelled' }
      const { name, message, code } = error as Error & { code?: string }
      return { status: 'failed', error: { code: isNamed(error, 'StepFailed') ? code! : name, message } }
    }
  }

  async run(ops: readonly NumberedOp[]): Promise<Settled<Json>[]> {
    const calls = ops.map((op) => this.#one(op))
    await Promise.allSettled(calls) // when one is cut off the others end first: nothing of a run goes on after its end
    return Promise.all(calls)
  }

  async sleep(seq: number, ms: number): Promise<void> {
    if (!this.#recorded.has(seq)) await this.#wait(seq, ms, null)
  }

  async signal(seq: number, name: string, timeoutMs?: number): Promise<{ got: Json } | 'timeout'> {
    const { kind, data } = this.#recorded.get(seq) ?? (await this.#wait(seq, timeoutMs ?? null, name))
    return kind === 'signal' ? { got: data } : 'timeout'
  }

  reached(point: 'op-begins' | 'body-returns', seq: number): void {
    this.#host.reached(point, this.claim.id, seq)
  }

  async #one(op: NumberedOp): Promise<Settled<Json>> {
    const { kind, data } = this.#recorded.get(op.seq) ?? (await this.#perform(op))
    if (kind === 'step' || kind === 'child') return { ok: true, value: data }
    const { code, message } = data as { code: 'refused' | 'exhausted'; message: string }
    return { ok: false, error: new StepFailed(code, message) }
  }

  async #perform(op: NumberedOp): Promise<Recorded> {
    this.#boundary()
    if ('step' in op) return this.#step(op)
    if ('child' in op) return this.#child(op)
    throw new Error(`transact is declared absent, so Ctx refuses it; found one at ${op.key}`)
  }

  async #step({ step, seq, after, key, input }: Extract<NumberedOp, { step: string }>): Promise<Recorded> {
    const { id: workflowId, scenario } = this.claim
    const { retry } = this.#host.spec(scenario, step)
    for (let attempt = 1, pauseMs = retry.firstMs; ; attempt++, pauseMs = Math.min(pauseMs * retry.factor, retry.maxMs)) {
      const ended = await this.#host.execute({ scenario, workflowId, step, seq, after, key, input }).then(
        (reply): Recorded => ({ kind: 'step', data: reply }),
        (error: Error) => stepFailed(error, attempt < retry.attempts),
      )
      if (ended !== null) return this.#record(seq, ended)
      await delay(pauseMs)
      this.#boundary()
    }
  }

  async #child({ child, input, seq }: Extract<NumberedOp, { child: string }>): Promise<Recorded> {
    const { id, token } = this.claim
    await this.#query(
      `INSERT INTO runs (id, scenario, input, cancel) SELECT $3, $4, $5::json, cancel FROM runs WHERE id = $1 AND token = $2
       ON CONFLICT (id) DO NOTHING`, [id, token, `${id}/${seq}`, child, JSON.stringify(input)])
    for (;; await delay(this.#pollMs)) {
      this.#boundary()
      const [now] = await this.#query<Owned & Outcome & { result: Record<string, Json> }>(
        'SELECT parent.cancel, child.status, child.result FROM runs parent LEFT JOIN runs child ON child.id = $3 WHERE parent.id = $1 AND parent.token = $2',
        [id, token, `${id}/${seq}`])
      const { status, result } = this.#owned(now)
      if (status === 'completed') return this.#record(seq, { kind: 'child', data: result['output']! })
      if (status === 'failed') return this.#record(seq, { kind: 'child-failed', data: result['error']! })
      if (status === 'cancelled') return this.#record(seq, { kind: 'child-failed', data: { code: 'refused', message: 'the child was cancelled' } })
    }
  }

  /** Until the time is over or a signal of that name is there; the time is the store's, and runs on while no worker lives. */
  async #wait(seq: number, ms: number | null, name: string | null): Promise<Recorded> {
    const { id, token } = this.claim
    await this.#query(
      `INSERT INTO steps (run, seq, kind, due) SELECT id, $3::int, 'waiting', clock_timestamp() + $4::float8 * interval '1 ms' FROM runs WHERE id = $1 AND token = $2
       ON CONFLICT (run, seq) DO NOTHING`, [id, token, seq, ms])
    const taken = [...this.#recorded.values()].filter(({ kind }) => kind === 'signal').map(({ data }) => (data as SignalEnvelope).s)
    for (;; await delay(this.#pollMs)) {
      this.#boundary()
      const [now] = await this.#query<Owned & { over: boolean | null; payload: Json }>(
        `SELECT runs.cancel, steps.due <= clock_timestamp() AS over,
           (SELECT payload FROM signals WHERE run = $1 AND name = $4 AND signal_id <> ALL($5) ORDER BY n LIMIT 1) AS payload
         FROM runs JOIN steps ON steps.run = runs.id AND seq = $3 WHERE id = $1 AND token = $2`, [id, token, seq, name, taken])
      const { over, payload } = this.#owned(now)
      if (payload !== null) return this.#record(seq, { kind: 'signal', data: payload })
      if (over) return this.#record(seq, { kind: name === null ? 'slept' : 'timeout', data: null })
    }
  }

  /** The one door into the history. Only the token's holder writes at a seq, so a conflict is this statement sent twice, or its own wait. */
  async #record(seq: number, recorded: Recorded): Promise<Recorded> {
    const { id, token } = this.claim
    const [now] = await this.#query<Owned>(
      `WITH mine AS (SELECT id, cancel FROM runs WHERE id = $1 AND token = $2 FOR UPDATE),
         written AS (INSERT INTO steps (run, seq, kind, data) SELECT id, $3::int, $4, $5::json FROM mine
           ON CONFLICT (run, seq) DO UPDATE SET kind = excluded.kind, data = excluded.data)
       SELECT cancel FROM mine`, [id, token, seq, recorded.kind, JSON.stringify(recorded.data)])
    this.#owned(now)
    this.#recorded.set(seq, recorded)
    return recorded
  }

  #owned<R extends Owned>(row: R | undefined): R {
    if (row === undefined) throw new Dropped(`run ${this.claim.id} was taken over`)
    this.#cancelled ||= row.cancel
    return row
  }

  #boundary(): void {
    if (this.#dropped) throw new Dropped(`run ${this.claim.id} was dropped`)
    if (this.#cancelled) throw new Cancelled(`run ${this.claim.id} was cancelled`)
  }
}

/** What to record, or null where another attempt is due. */
function stepFailed(error: Error, more: boolean): Recorded | null {
  const { message } = error
  if (isNamed(error, 'Refused')) return { kind: 'step-failed', data: { code: 'refused', message } }
  return more ? null : { kind: 'step-failed', data: { code: 'exhausted', message } }
}
