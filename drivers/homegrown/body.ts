// A scenario's body on the engine: Ctx numbers the operations, the engine makes them durable.
import type { NumberedOp, Primitives, WorkerHost } from '../../contract/driver.ts'
import { StepFailed } from '../../contract/errors.ts'
import type { Json } from '../../contract/json.ts'
import type { Reply } from '../../contract/logs.ts'
import type { Scenario, Settled } from '../../contract/scenario.ts'
import { runBody } from '../../worker/context.ts'
import { capabilities } from './config.ts'
import type { RunHandle, WorkflowBody } from './engine/index.ts'

export type Wrap = (primitives: Primitives, id: string) => Primitives

export function asBody(host: WorkerHost, scenario: Scenario, wrap: Wrap): WorkflowBody {
  return async (run, input) => await runBody(scenario.workflow, run.id, input, wrap(new RunPrimitives(host, scenario, run), run.id), capabilities)
}

const alone = (settled: Settled<Json>): Settled<Json>[] => [settled]

/** A class, since a run is made 10,000 times a second and prototype methods cost nothing each. */
class RunPrimitives implements Primitives {
  readonly #host: WorkerHost
  readonly #scenario: Scenario
  readonly #run: RunHandle

  constructor(host: WorkerHost, scenario: Scenario, run: RunHandle) {
    this.#host = host
    this.#scenario = scenario
    this.#run = run
  }

  run(ops: readonly NumberedOp[]): Promise<Settled<Json>[]> {
    return ops.length === 1 ? this.#one(ops[0]!).then(alone) : this.#several(ops)
  }

  async #several(ops: readonly NumberedOp[]): Promise<Settled<Json>[]> {
    const calls = ops.map((op) => this.#one(op))
    // When a cancel cuts one off, the others still end first: nothing of a run goes on after its end.
    await Promise.allSettled(calls)
    return Promise.all(calls)
  }

  sleep(seq: number, ms: number): Promise<void> {
    return this.#run.sleep(seq, ms)
  }

  signal(seq: number, name: string, timeoutMs?: number): Promise<{ got: Json } | 'timeout'> {
    return this.#run.signal(seq, name, timeoutMs)
  }

  renew(seq: number, input: Json): Promise<never> {
    return this.#run.renew(seq, input)
  }

  uncancellable<T>(body: () => Promise<T>): Promise<T> {
    return this.#run.uncancellable(body)
  }

  reached(point: 'op-begins' | 'body-returns', seq: number): void {
    this.#host.reached(point, this.#run.id, seq)
  }

  #one(op: NumberedOp): Promise<Settled<Json>> {
    if ('step' in op) return this.#step(op)
    return 'child' in op ? this.#run.child(op.seq, op.child, op.input) : this.#transact(op)
  }

  #step(op: Extract<NumberedOp, { step: string }>): Promise<Settled<Json>> {
    const scenario = this.#scenario.name
    const spec = this.#scenario.steps[op.step]
    if (spec === undefined) return Promise.resolve({ ok: false, error: new StepFailed('refused', `scenario '${scenario}' has no step '${op.step}'`) })
    const call = { scenario, workflowId: this.#run.id, step: op.step, seq: op.seq, after: op.after, key: op.key, input: op.input }
    return this.#run.step(op.seq, op.step, spec.retry, () => this.#host.execute(call))
  }

  async #transact(op: Extract<NumberedOp, { transact: string }>): Promise<Settled<Json>> {
    const transaction = this.#scenario.transactions[op.transact]
    if (transaction === undefined) return { ok: false, error: new StepFailed('refused', `scenario '${this.#scenario.name}' has no transaction '${op.transact}'`) }
    const statement = transaction(op.input.i, { workflowId: this.#run.id, seq: op.seq, after: op.after, key: op.key })
    const rows = await this.#run.transact(op.seq, op.transact, statement)
    return rows.ok ? { ok: true, value: { v: rows.value, n: 0, e: op.key } satisfies Reply } : rows
  }
}
