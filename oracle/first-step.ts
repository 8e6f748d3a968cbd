// What the first step of a run must have been given: a body is pure and its input is made from the seed, so the body itself tells,
// asked by a context that notes its first call and answers nothing. An engine that begins a run with another one's input, or with
// what is left of its own, shows here. Trade-off: only the first call, since the later ones rest on values that no log has.
import type { Json } from '../contract/json.ts'
import { hash32 } from '../contract/random.ts'
import type { Ctx, Op, Workflow } from '../contract/scenario.ts'

export interface FirstStep {
  readonly step: string
  /** Of its input as the body makes it, and with the keys in the order in which Postgres keeps them in a jsonb. */
  readonly inputHashes: readonly number[]
}

/** null: the body begins with something else than a step. */
export function firstStepOf(workflow: Workflow, input: Json, workflowId: string): FirstStep | null {
  let first: Op | null = null
  let called = false
  const never = new Promise<never>(() => undefined)
  const note = (op: Op | null): Promise<never> => {
    if (!called) first = op
    called = true
    return never
  }
  const ctx: Ctx = {
    workflowId,
    step: (step, given) => note({ step, input: given }),
    attempt: note,
    all: (ops) => note(ops[0] ?? null),
    transact: () => note(null),
    sleep: () => note(null),
    signal: () => note(null),
    child: () => note(null),
    uncancellable: (body) => body(),
    renew: () => note(null),
  }
  // A body that throws before its first call tells nothing here: its run fails, which others look at.
  workflow(ctx, input).catch(() => undefined)
  const op = first as Op | null
  if (op === null || !('step' in op)) return null
  return { step: op.step, inputHashes: [hash32(JSON.stringify(op.input)), hash32(JSON.stringify(asJsonb(op.input)))] }
}

/** Keys by length, then by bytes. */
function asJsonb(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(asJsonb)
  if (typeof value !== 'object' || value === null) return value
  const keys = Object.keys(value).sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
  return Object.fromEntries(keys.map((key) => [key, asJsonb((value as Record<string, Json>)[key]!)]))
}
