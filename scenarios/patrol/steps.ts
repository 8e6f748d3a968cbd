// The same call under several time-outs: for engines that have no other crash detection, a step's time-out is it, so a plan chooses
// the one that fits its budget. The report is the unkeyed canary.
import type { RetryPolicy, StepSpec } from '../../contract/scenario.ts'

/** Also the leases that `durabench recovery` may be given. Less than two seconds is less than what a busy machine may take for nothing. */
export const lookTimeoutsMs = [2_000, 3_000, 6_000] as const

/** Often and soon: how long a retry waits must not hide how long a recovery takes. */
const retry: RetryPolicy = { attempts: 100, firstMs: 100, factor: 1, maxMs: 100 }

const look = (timeoutMs: number): StepSpec => ({ effect: 'keyed', timeoutMs, retry, run: (world, input) => world.probe(input as { delayMs: number }) })

export const lookWithin = (timeoutMs: number): string => `look-${timeoutMs / 1_000}s`

export const steps: Record<string, StepSpec> = {
  ...Object.fromEntries(lookTimeoutsMs.map((timeoutMs) => [lookWithin(timeoutMs), look(timeoutMs)])),
  report: { effect: 'unkeyed', timeoutMs: 3_000, retry, run: (world, input) => world.mail({ to: 'watch@example.org', subject: JSON.stringify(input) }) },
}
