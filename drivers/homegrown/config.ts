// What crosses from deploy() to the worker's process: plain data.
import type { Capability, Support } from '../../contract/driver.ts'

/** Ways to break the engine: mutants.ts. */
export type Mutation = 'ack-before-commit' | 'no-fence' | 'no-batch-check' | 'believe-unanswered' | 'lose-early-signal' | 'rerun-claimed' | 'stale-reply' | 'unfenced-waits' | 'unfenced-ends'

export interface Config {
  readonly postgresUrl: string
  readonly schema: string
  readonly leaseMs: number
  readonly pollMs: number
  readonly parkAfterMs: number
  /** Selftest only: ways to break the engine, which the oracle must notice. No variant that ships has any. */
  readonly mutations: readonly Mutation[]
}

export const capabilities: Readonly<Record<Capability, Support>> = {
  'step': 'native', 'all': 'native', 'transact': 'native', 'sleep': 'native',
  'signal-once': 'native', 'signal-stream': 'native', 'signal-early': 'native', 'signal-dedup': 'native',
  'child': 'native', 'uncancellable': 'native', 'renew': 'native', 'cancel': 'native', 'start-dedup': 'native',
  'journal': 'native', 'takeover': 'native',
}
