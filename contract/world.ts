// What a step may touch: the outside world as an agent knows it. A real HTTP process answers; its ledger is the evidence.

export interface World {
  /** An OpenAI-compatible chat completion; unkeyed by nature: each run costs again. */
  complete(request: { prompt: string; maxTokens: number }): Promise<{ text: string; totalTokens: number; priceMicros: number }>
  /** Keyed: sends Idempotency-Key. */
  charge(request: { customer: string; amountCents: number }): Promise<{ chargeId: string }>
  /** Keyed. */
  refund(request: { chargeId: string; amountCents: number }): Promise<{ refundId: string }>
  /** Unkeyed: a second call is a second mail. */
  mail(request: { to: string; subject: string }): Promise<{ messageId: string }>
  /** Keyed: an order can be shipped once. */
  ship(request: { order: string }): Promise<{ trackingId: string }>
  /** Test endpoint: keyed; fails by script before it succeeds. */
  probe(request: { failures?: number; refuse?: boolean; delayMs?: number; value?: string }): Promise<{ value: string }>
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
