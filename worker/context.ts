// Ctx, once for all engines: numbers the calls, derives keys and child ids, chains replies and keeps the trace that goes
// into the output. Pure code (Temporal bundles it), so everything that touches a machine comes in as Primitives.
// Trade-off: calls are numbered in the order in which they are made, so closures may not interleave; `all` is the only concurrency.
import type { Capability, NumberedOp, Primitives, Support } from '../contract/driver.ts'
import type { Json } from '../contract/json.ts'
import type { Envelope, Output, Reply, SignalEnvelope, Token, TraceEntry } from '../contract/logs.ts'
import type { Ctx, Op, Settled, Workflow } from '../contract/scenario.ts'
import { Unsupported } from '../contract/errors.ts'

/** Runs a body on an engine's primitives and returns what the engine is to store as the run's output. */
export async function runBody(
  workflow: Workflow, workflowId: string, input: Json, primitives: Primitives,
  capabilities: Readonly<Record<Capability, Support>>,
): Promise<Output> {
  const { ctx, trace } = createContext(workflowId, primitives, capabilities)
  const value = await workflow(ctx, input)
  primitives.reached?.('body-returns', trace.length)
  return { value, trace }
}

function createContext(workflowId: string, primitives: Primitives, capabilities: Readonly<Record<Capability, Support>>): { ctx: Ctx; trace: TraceEntry[] } {
  const trace: TraceEntry[] = []
  let busy = false
  // Tokens of what the next op causally follows: everything since the last batch of ops, that batch included.
  let prev: Token[] = []

  /** One call at a time: an interleaved call would be numbered differently on replay. */
  async function alone<T>(call: () => Promise<T>): Promise<T> {
    if (busy) throw new Error(`workflow ${workflowId} made a call while another was pending; use ctx.all for concurrency`)
    busy = true
    try {
      return await call()
    } finally {
      busy = false
    }
  }

  function nextSeq(): number {
    trace.push(0)
    primitives.reached?.('op-begins', trace.length)
    return trace.length
  }

  function numbered(op: Op | { transact: string; input: Json }, after: number): NumberedOp {
    const seq = nextSeq()
    const envelope: Envelope = { i: op.input, p: prev }
    const common = { seq, after, key: `${workflowId}/${seq}` }
    if ('child' in op) return { child: op.child, input: op.input, ...common }
    if ('step' in op) return { step: op.step, input: envelope, ...common }
    return { transact: op.transact, input: envelope, ...common }
  }

  async function run(ops: readonly (Op | { transact: string; input: Json })[]): Promise<Settled<Json>[]> {
    if (ops.length === 0) return []
    const after = trace.length
    const batch = ops.map((op) => numbered(op, after))
    const settled = await primitives.run(batch)
    prev = []
    return settled.map((outcome, i) => record(batch[i]!, outcome))
  }

  function record(op: NumberedOp, outcome: Settled<Json>): Settled<Json> {
    if ('child' in op) {
      const id = `${workflowId}/${op.seq}`
      trace[op.seq - 1] = outcome.ok ? { child: id } : { failed: outcome.error.code }
      prev.push(`child:${id}`)
      return outcome.ok ? { ok: true, value: (outcome.value as Output).value } : outcome
    }
    if (!outcome.ok) {
      trace[op.seq - 1] = { failed: outcome.error.code }
      return outcome
    }
    const reply = outcome.value as Reply
    trace[op.seq - 1] = 'transact' in op ? { rows: reply.e ?? op.key } : reply.n
    prev.push('transact' in op ? `rows:${op.key}` : reply.n)
    return { ok: true, value: reply.v }
  }

  async function one<T extends Json>(op: Op | { transact: string; input: Json }): Promise<T> {
    const [outcome] = await run([op])
    if (outcome!.ok) return outcome!.value as T
    throw outcome!.error
  }

  function need(capability: Capability): void {
    if (capabilities[capability] === 'absent') throw new Unsupported(`this driver declares '${capability}' absent; choose another scenario or driver`)
  }

  const ctx: Ctx = {
    workflowId,
    step: (name, input) => alone(() => one({ step: name, input })),
    child: (scenario, input) => alone(() => one({ child: scenario, input })),
    attempt: (op) => alone(async () => (await run([op]))[0] as Settled<never>),
    all: (ops) => alone(() => run(ops) as Promise<Settled<never>[]>),
    transact: (name, input) => alone(() => {
      need('transact')
      return one({ transact: name, input })
    }),
    sleep: (ms) => alone(async () => {
      const seq = nextSeq()
      trace[seq - 1] = { timer: ms }
      await primitives.sleep(seq, ms)
    }),
    signal: (name, options) => alone(async () => {
      const seq = nextSeq()
      const timeoutMs = options?.timeoutMs
      const arrived = await primitives.signal(seq, name, timeoutMs)
      const envelope = arrived === 'timeout' ? null : (arrived.got as SignalEnvelope)
      trace[seq - 1] = { wait: name, signalId: envelope?.s ?? null, timeoutMs: timeoutMs ?? null }
      if (envelope === null) return 'timeout'
      prev.push(`signal:${envelope.s}`)
      return { got: envelope.p as never }
    }),
    uncancellable: (body) => {
      need('uncancellable')
      return primitives.uncancellable!(body)
    },
    renew: (input) => alone(() => {
      need('renew')
      return primitives.renew!(nextSeq(), input)
    }),
  }
  return { ctx, trace }
}
