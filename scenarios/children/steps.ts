// Each step is one call to the world. Notes and reports are the unkeyed canaries: a second one is a second mail.
import type { RetryPolicy, StepSpec } from '../../contract/scenario.ts'
import type { Json } from '../../contract/json.ts'
import type { World } from '../../contract/world.ts'

const retry: RetryPolicy = { attempts: 12, firstMs: 100, factor: 2, maxMs: 1_000 }

function step<I extends Json>(effect: StepSpec['effect'], call: (world: World, input: I) => Promise<Json>): StepSpec {
  return { effect, timeoutMs: 3_000, retry, run: (world, input) => call(world, input as I) }
}

const ask = <I extends Json>(prompt: (input: I) => string): StepSpec => step<I>('unkeyed', (world, input) => world.complete({ prompt: prompt(input), maxTokens: 20 }))
const buy = step<{ customer: string; amountCents: number }>('keyed', (world, input) => world.charge(input))
const giveBack = step<{ chargeId: string; amountCents: number }>('keyed', (world, input) => world.refund(input))

export const steps: Record<string, StepSpec> = {
  'buy-licence': buy,
  'buy-compute': buy,
  'return-compute': giveBack,
  'return-licence': giveBack,
  plan: ask<{ customer: string }>(({ customer }) => `What does ${customer} need to know? One line.`),
  outline: ask<{ topic: string }>(({ topic }) => `Outline the ${topic}.`),
  review: ask<{ topic: string; notes: number }>(({ topic, notes }) => `Review ${notes} notes on the ${topic}.`),
  search: ask<{ topic: string }>(({ topic }) => `Find ${topic}.`),
  note: step<{ topic: string }>('unkeyed', (world, { topic }) => world.mail({ to: 'team@example.org', subject: topic })),
  report: step<{ customer: string; findings: number }>('unkeyed', (world, { customer, findings }) =>
    world.mail({ to: customer, subject: `${findings} findings` })),
}
