// The look-up has another answer each time, so a second one would show in when the reminder is sent. Neither is keyed. Time-outs are
// long, since in a storm a call waits for thousands of others: one that is given up would add to it.
import type { RetryPolicy, StepSpec } from '../../contract/scenario.ts'

const timeoutMs = 15_000
const retry: RetryPolicy = { attempts: 12, firstMs: 100, factor: 2, maxMs: 1_000 }

export const steps: Record<string, StepSpec> = {
  'look-up': {
    effect: 'unkeyed', timeoutMs, retry,
    run: (world, input) => world.untilNext(input as { everyMs: number }),
  },
  remind: {
    effect: 'unkeyed', timeoutMs, retry,
    run: (world, input) => world.mail({ to: (input as { customer: string }).customer, subject: 'It is time' }),
  },
}
