// What a step may touch: the outside world as an agent knows it. A real HTTP process answers; its ledger is the evidence.

/** What a model's tool was used for and what came of it. */
export type ToolUse = { readonly tool: string; readonly result: string }

/** What an attempt meets instead of an answer; `hung`: its effect takes place, and no answer comes. */
export type Mishap = 429 | 500 | 'hung'

export interface World {
  /** An OpenAI-compatible chat completion; unkeyed by nature: each run costs again. */
  complete(request: { prompt: string; maxTokens: number }): Promise<{ text: string; totalTokens: number; priceMicros: number }>
  /** The same with tools: which one the model wants used next, given what came of those before; null: its text is the answer. */
  decide(request: { question: string; tools: readonly string[]; used: readonly ToolUse[] }): Promise<{ tool: string | null; text: string }>
  /** Keyed: sends Idempotency-Key. A declined card is refused for good. */
  charge(request: { customer: string; amountCents: number; card?: 'declined' }): Promise<{ chargeId: string }>
  /** Keyed. */
  refund(request: { chargeId: string; amountCents: number }): Promise<{ refundId: string }>
  /** Unkeyed: a second call is a second mail. */
  mail(request: { to: string; subject: string }): Promise<{ messageId: string }>
  /** Keyed: an order can be shipped once. */
  ship(request: { order: string }): Promise<{ trackingId: string }>
  /** How long it is until the clock of the world next shows a whole multiple of `everyMs`; unkeyed, and another answer each time. */
  untilNext(request: { everyMs: number }): Promise<{ inMs: number }>
  /** Test endpoint: keyed; fails by script (so often with 500, then as listed) before it succeeds. */
  probe(request: { failures?: number; mishaps?: readonly Mishap[]; refuse?: boolean; delayMs?: number; value?: string }): Promise<{ value: string }>
}

/**
 * How a step identifies itself to the world: request headers, all in lower case.
 * The answer carries `x-durabench-effect` (stable, an idempotent API repeats it) and `x-durabench-nonce` (never used twice).
 */
export interface CallHeaders {
  'x-durabench-workflow': string
  'x-durabench-seq': string
  'x-durabench-step': string
  /** The worker's incarnation. */
  'x-durabench-source': string
  'x-durabench-input-hash': string
  /** Tokens (see logs.ts) of the causal predecessors, comma separated. */
  'x-durabench-prev': string
  'idempotency-key'?: string
}
