// Ctx, once for all engines: numbers the calls, derives keys and child ids, chains replies and keeps the trace that goes
// into the output. Pure code (Temporal bundles it), so everything that touches a machine comes in as Primitives.
// Trade-off: calls are numbered in the order in which they are made, so closures may not interleave; `all` is the only concurrency.
import type { Capability, NumberedOp, Primitives, Support } from '../contract/driver.ts'
import type { Json } from '../contract/json.ts'
import type { Envelope, Output, Renewed, Reply, SignalEnvelope, Token, TraceEntry } from '../contract/logs.ts'
import type { Ctx, Op, Settled, Workflow } from '../contract/scenario.ts'
import { Unsupported } from '../contract/errors.ts'

/** Runs a body on an engine's primitives and returns what the engine is to store as the run's output. */
export async function runBody(
  workflow: Workflow, workflowId: string, input: Json, primitives: Primitives,
  capabilities: Readonly<Record<Capability, Support>>,
): Promise<Output> {
  const before = isRenewed(input) ? input.renewed : null
  const context = new Context(workflowId, primitives, capabilities, before)
  const value = await workflow(context, before === null ? input : before.input)
  primitives.reached?.('body-returns', context.trace.length)
  return { value, trace: context.trace }
}

function isRenewed(input: Json): input is Renewed {
  return typeof input === 'object' && input !== null && 'renewed' in input
}

type AnyOp = Op | { readonly transact: string; readonly input: Json }

/** A class, since an engine may make 100,000 a second and prototype methods cost nothing each. */
class Context implements Ctx {
  readonly workflowId: string
  readonly trace: TraceEntry[]
  readonly #primitives: Primitives
  readonly #capabilities: Readonly<Record<Capability, Support>>
  #busy = false
  /** Tokens of what the next op causally follows: everything since the last batch of ops, that batch included. */
  #prev: Token[]

  constructor(workflowId: string, primitives: Primitives, capabilities: Readonly<Record<Capability, Support>>, before: Renewed['renewed'] | null) {
    this.workflowId = workflowId
    this.trace = before === null ? [] : [...before.trace]
    this.#prev = before === null ? [] : [...before.prev]
    this.#primitives = primitives
    this.#capabilities = capabilities
  }

  step<T extends Json>(name: string, input: Json): Promise<T> {
    return this.#one({ step: name, input })
  }

  child<T extends Json>(scenario: string, input: Json): Promise<T> {
    return this.#one({ child: scenario, input })
  }

  async transact<T extends Json>(name: string, input: Json): Promise<T> {
    this.#need('transact')
    return this.#one({ transact: name, input })
  }

  attempt<T extends Json>(op: Op): Promise<Settled<T>> {
    return this.#alone(op, false) as Promise<Settled<T>>
  }

  async all<T extends Json>(ops: readonly Op[]): Promise<Settled<T>[]> {
    this.#need('all')
    return this.#run(ops) as Promise<Settled<T>[]>
  }

  async sleep(ms: number): Promise<void> {
    this.#need('sleep')
    this.#begin()
    try {
      const seq = this.#nextSeq()
      this.trace[seq - 1] = { timer: ms }
      await this.#primitives.sleep(seq, ms)
    } finally {
      this.#busy = false
    }
  }

  async signal<T extends Json>(name: string, options?: { timeoutMs?: number }): Promise<{ got: T } | 'timeout'> {
    this.#need('signal-once')
    this.#begin()
    try {
      const seq = this.#nextSeq()
      const timeoutMs = options?.timeoutMs
      const arrived = await this.#primitives.signal(seq, name, timeoutMs)
      const envelope = arrived === 'timeout' ? null : (arrived.got as SignalEnvelope)
      this.trace[seq - 1] = { wait: name, signalId: envelope?.s ?? null, timeoutMs: timeoutMs ?? null }
      if (envelope === null) return 'timeout'
      this.#prev.push(`signal:${envelope.s}`)
      return { got: envelope.p as T }
    } finally {
      this.#busy = false
    }
  }

  /** Not a call itself: the body makes them. */
  uncancellable<T>(body: () => Promise<T>): Promise<T> {
    this.#need('uncancellable')
    return this.#primitives.uncancellable!(body)
  }

  async renew(input: Json): Promise<never> {
    this.#need('renew')
    this.#begin()
    try {
      const seq = this.#nextSeq()
      this.trace[seq - 1] = { renewed: true }
      // Keys and child ids are made of numbers: counted from 1 again, the second life's effects would pass for the first's.
      return await this.#primitives.renew!(seq, { renewed: { input, trace: this.trace, prev: this.#prev } } satisfies Renewed)
    } finally {
      this.#busy = false
    }
  }

  #one<T extends Json>(op: AnyOp): Promise<T> {
    return this.#alone(op, true) as Promise<T>
  }

  /** What #run does with several, in one promise, since this is on the way of every step. `orThrow`: its value, else what it came to. */
  async #alone(op: AnyOp, orThrow: boolean): Promise<Json | Settled<Json>> {
    this.#begin()
    try {
      const numbered = this.#numbered(op, this.trace.length)
      const [settled] = await this.#primitives.run([numbered])
      this.#prev = []
      const outcome = this.#record(numbered, settled!)
      if (!orThrow) return outcome
      if (outcome.ok) return outcome.value
      throw outcome.error
    } finally {
      this.#busy = false
    }
  }

  async #run(ops: readonly AnyOp[]): Promise<Settled<Json>[]> {
    this.#begin()
    try {
      if (ops.length === 0) return []
      const after = this.trace.length
      const batch = ops.map((op) => this.#numbered(op, after))
      const settled = await this.#primitives.run(batch)
      this.#prev = []
      return settled.map((outcome, i) => this.#record(batch[i]!, outcome))
    } finally {
      this.#busy = false
    }
  }

  /** One call at a time: an interleaved call would be numbered differently on replay. */
  #begin(): void {
    if (this.#busy) throw new Error(`workflow ${this.workflowId} made a call while another was pending; use ctx.all for concurrency`)
    this.#busy = true
  }

  #nextSeq(): number {
    this.trace.push(0)
    this.#primitives.reached?.('op-begins', this.trace.length)
    return this.trace.length
  }

  #numbered(op: AnyOp, after: number): NumberedOp {
    if ('child' in op) this.#need('child')
    const seq = this.#nextSeq()
    const key = `${this.workflowId}/${seq}`
    if ('child' in op) return { child: op.child, input: op.input, seq, after, key }
    const input: Envelope = { i: op.input, p: this.#prev }
    return 'step' in op ? { step: op.step, input, seq, after, key } : { transact: op.transact, input, seq, after, key }
  }

  #record(op: NumberedOp, outcome: Settled<Json>): Settled<Json> {
    if ('child' in op) {
      const id = `${this.workflowId}/${op.seq}`
      this.#prev.push(`child:${id}`)
      if (!outcome.ok) {
        this.trace[op.seq - 1] = { failed: outcome.error.code }
        return outcome
      }
      const { value, trace } = outcome.value as Output
      const last = trace.findLast((entry) => typeof entry === 'number')
      this.trace[op.seq - 1] = { child: id, ...(last === undefined ? {} : { last }) }
      return { ok: true, value }
    }
    if (!outcome.ok) {
      this.trace[op.seq - 1] = { failed: outcome.error.code }
      return outcome
    }
    const reply = outcome.value as Reply
    this.trace[op.seq - 1] = 'transact' in op ? { rows: reply.e ?? op.key } : reply.n
    this.#prev.push('transact' in op ? `rows:${op.key}` : reply.n)
    return { ok: true, value: reply.v }
  }

  #need(capability: Capability): void {
    if (this.#capabilities[capability] === 'absent') throw new Unsupported(`this driver declares '${capability}' absent; choose another scenario or driver`)
  }
}
