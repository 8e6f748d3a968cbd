// What crosses from deploy() to the worker's process: plain data.
import type { Capability, Support } from '../../contract/driver.ts'
import type { Mutation } from './mutants/index.ts'

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
  'journal': 'native', 'takeover': 'native', 'upgrade': 'native',
}
