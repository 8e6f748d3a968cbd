// One run in memory: the primitives that Ctx needs. A class, because a run is made 100,000 times a second and prototype
// methods cost nothing each. Cancel acts at the next boundary: waits end at once, a step in flight ends first.
import { Cancelled, isNamed, StepFailed } from '../../contract/errors.ts'
import type { BodyPoint, Capability, NumberedOp, Outcome, Primitives, Support, WorkerHost } from '../../contract/driver.ts'
import type { Json } from '../../contract/json.ts'
import type { Scenario, Settled } from '../../contract/scenario.ts'
import { runBody } from '../../worker/context.ts'

export interface Engine {
  readonly host: WorkerHost
  readonly capabilities: Readonly<Record<Capability, Support>>
  ended(id: string, outcome: Outcome): void
  launch(scenario: string, id: string, input: Json): Run
}

interface Signal { readonly name: string; readonly payload: Json }
type Wait = { name: string | null; wake(signal: Signal | 'timeout' | 'cancelled'): void }

export class Run implements Primitives {
  readonly #engine: Engine
  readonly #scenario: Scenario
  readonly #id: string
  #cancelled = false
  /** Sleeps, signal waits and retry pauses that a cancel must end; `name` is null where no signal is waited for. */
  #waits: Set<Wait> | null = null
  #inbox: Signal[] | null = null
  #seen: Set<string> | null = null
  #children: Set<Run> | null = null
  #watchers: ((outcome: Outcome) => void)[] | null = null

  constructor(engine: Engine, scenario: Scenario, id: string) {
    this.#engine = engine
    this.#scenario = scenario
    this.#id = id
  }

  begin(input: Json): void {
    runBody(this.#scenario.workflow, this.#id, input, this, this.#engine.capabilities).then(
      (output) => this.#end({ status: 'completed', output: output as unknown as Json }),
      (error: unknown) => this.#end(failure(error)),
    )
  }

  whenEnded(): Promise<Outcome> {
    return new Promise((resolve) => (this.#watchers ??= []).push(resolve))
  }

  deliver(name: string, payload: Json, signalId: string): void {
    this.#seen ??= new Set()
    if (this.#seen.has(signalId)) return
    this.#seen.add(signalId)
    for (const wait of this.#waits ?? []) if (wait.name === name) return wait.wake({ name, payload })
    this.#inbox ??= []
    this.#inbox.push({ name, payload })
  }

  cancel(): void {
    this.#cancelled = true
    for (const child of this.#children ?? []) child.cancel()
    for (const wait of this.#waits ?? []) wait.wake('cancelled')
  }

  // Primitives --------------------------------------------------------------------------------------------------------

  async run(ops: readonly NumberedOp[]): Promise<Settled<Json>[]> {
    this.#boundary()
    const settled = ops.length === 1 ? [await this.#one(ops[0]!)] : await everyOne(ops.map((op) => this.#one(op)))
    this.#boundary()
    return settled
  }

  async sleep(_seq: number, ms: number): Promise<void> {
    await this.#wait(null, ms)
  }

  async signal(_seq: number, name: string, timeoutMs?: number): Promise<{ got: Json } | 'timeout'> {
    this.#boundary()
    const early = this.#inbox?.findIndex((s) => s.name === name) ?? -1
    if (early >= 0) return { got: this.#inbox!.splice(early, 1)[0]!.payload }
    const arrived = await this.#wait(name, timeoutMs)
    return arrived === 'timeout' ? 'timeout' : { got: arrived.payload }
  }

  reached(point: BodyPoint, seq: number): void {
    this.#engine.host.reached(point, this.#id, seq)
  }

  // --------------------------------------------------------------------------------------------------------------------

  #one(op: NumberedOp): Promise<Settled<Json>> {
    if ('step' in op) return this.#step(op)
    if ('child' in op) return this.#child(op)
    throw new Error(`volatile has no transact, and Ctx refuses it before; found one at ${op.key}`)
  }

  async #step(op: Extract<NumberedOp, { step: string }>): Promise<Settled<Json>> {
    const { host } = this.#engine
    const call = { scenario: this.#scenario.name, workflowId: this.#id, step: op.step, seq: op.seq, after: op.after, key: op.key, input: op.input }
    const { retry } = host.spec(this.#scenario.name, op.step)
    let pauseMs = retry.firstMs
    for (let attempt = 1; ; attempt++) {
      try {
        return { ok: true, value: await host.execute(call) }
      } catch (error) {
        const { message } = error as Error
        if (isNamed(error, 'Refused')) return { ok: false, error: new StepFailed('refused', message) }
        if (attempt >= retry.attempts) return { ok: false, error: new StepFailed('exhausted', `${attempt} attempts of '${op.step}': ${message}`) }
      }
      await this.#wait(null, pauseMs)
      pauseMs = Math.min(pauseMs * retry.factor, retry.maxMs)
    }
  }

  async #child(op: Extract<NumberedOp, { child: string }>): Promise<Settled<Json>> {
    const child = this.#engine.launch(op.child, `${this.#id}/${op.seq}`, op.input)
    this.#children ??= new Set()
    this.#children.add(child)
    const outcome = await child.whenEnded()
    this.#children.delete(child)
    if (outcome.status === 'completed') return { ok: true, value: outcome.output }
    const why = outcome.status === 'failed' ? outcome.error : { code: outcome.status, message: '' }
    return { ok: false, error: new StepFailed(why.code === 'exhausted' ? 'exhausted' : 'refused', `child ${this.#id}/${op.seq} ${why.code}: ${why.message}`) }
  }

  #boundary(): void {
    if (this.#cancelled) throw new Cancelled(`run ${this.#id} was cancelled`)
  }

  async #wait(name: string | null, ms: number | undefined): Promise<Signal | 'timeout'> {
    this.#boundary()
    const { promise, resolve } = Promise.withResolvers<Signal | 'timeout' | 'cancelled'>()
    const wait: Wait = { name, wake: resolve }
    this.#waits ??= new Set()
    this.#waits.add(wait)
    const disarm = ms === undefined ? undefined : alarm(ms, () => resolve('timeout'))
    const woken = await promise
    disarm?.()
    this.#waits.delete(wait)
    if (woken === 'cancelled') throw new Cancelled(`run ${this.#id} was cancelled`)
    return woken
  }

  #end(outcome: Outcome): void {
    this.#engine.ended(this.#id, outcome)
    for (const tell of this.#watchers ?? []) tell(outcome)
  }
}

/** Like Promise.all, but when one is cancelled the others still end first: nothing of a run may go on after its end. */
async function everyOne<T>(calls: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(calls)
  return Promise.all(calls)
}

/** Never early: libuv rounds its clock down, so setTimeout alone may fire a fraction of a millisecond too soon. */
function alarm(ms: number, ring: () => void): () => void {
  const dueMs = performance.now() + ms
  const check = (): void => {
    const leftMs = dueMs - performance.now()
    if (leftMs <= 0) ring()
    else timer = setTimeout(check, Math.ceil(leftMs))
  }
  let timer = setTimeout(check, ms)
  return () => clearTimeout(timer)
}

function failure(error: unknown): Outcome {
  if (isNamed(error, 'Cancelled')) return { status: 'cancelled' }
  const { name, message, code } = error as Error & { code?: string }
  return { status: 'failed', error: { code: isNamed(error, 'StepFailed') ? code! : name, message } }
}

