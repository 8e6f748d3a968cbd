// Two mails, neither keyed: a run that is brought back from a long wait must not ask twice, and that would show.
import type { StepSpec } from '../../contract/scenario.ts'

const retry = { attempts: 12, firstMs: 100, factor: 2, maxMs: 1_000 }

export const steps: Record<string, StepSpec> = {
  ask: {
    effect: 'unkeyed', timeoutMs: 3_000, retry,
    run: (world, input) => world.mail({ to: (input as { customer: string }).customer, subject: 'Please approve' }),
  },
  tell: {
    effect: 'unkeyed', timeoutMs: 3_000, retry,
    run: (world, input) => {
      const { customer, approved } = input as { customer: string; approved: boolean }
      return world.mail({ to: customer, subject: approved ? 'Approved' : 'Rejected' })
    },
  },
}
