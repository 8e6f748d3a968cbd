// Mails, none of them keyed: a reminder that is sent twice shows.
import type { StepSpec } from '../../contract/scenario.ts'

const mail = (subject: (input: { readonly reminder?: number; readonly document?: number; readonly documents?: number }) => string): StepSpec => ({
  effect: 'unkeyed', timeoutMs: 3_000, retry: { attempts: 12, firstMs: 100, factor: 2, maxMs: 1_000 },
  run: (world, input) => world.mail({ to: (input as { customer: string }).customer, subject: subject(input as object) }),
})

export const steps: Record<string, StepSpec> = {
  ask: mail(() => 'Please send two documents and your consent'),
  remind: mail(({ reminder = 0 }) => `Reminder ${reminder}`),
  file: mail(({ document = 0 }) => `Document ${document} has come`),
  close: mail(({ documents = 0 }) => `Closed with ${documents} documents`),
}
