// What crosses from the harness to workers and apps: plain JSON.
import type { RetryPolicy } from '../../contract/driver.ts'
import type { Access } from './access.ts'

export type Info = {
  readonly address: string
  readonly namespace: string
  /** Where the keys to that server are; never the keys. */
  readonly access: Access
  /** `<prefix>@<version>`: polled by workers of that version alone, so that a run goes on with the version that began it. */
  readonly taskQueue: string
  /** Path of the workflow bundle. */
  readonly bundle: string
  /** null: the SDK's default. */
  readonly stickyTimeoutMs: number | null
  /** null: activities send no heartbeat. */
  readonly heartbeatMs: number | null
  /** How long a stopping worker lets activities in flight go on. */
  readonly drainMs: number
}

export type StepPolicy = {
  readonly timeoutMs: number
  readonly retry: RetryPolicy
  readonly heartbeatMs: number | null
}

/** By scenario, then by step: what a user would write beside each activity, compiled into the bundle. */
export type Policies = { readonly [scenario: string]: { readonly [step: string]: StepPolicy } }
