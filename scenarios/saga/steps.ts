// Each step is one call to the world. The mails are the unkeyed canaries: a second one is a second mail.
import type { RetryPolicy, StepSpec } from '../../contract/scenario.ts'
import type { Json } from '../../contract/json.ts'
import type { World } from '../../contract/world.ts'

const retry: RetryPolicy = { attempts: 12, firstMs: 100, factor: 2, maxMs: 1_000 }

function step<I extends Json>(effect: StepSpec['effect'], call: (world: World, input: I) => Promise<Json>): StepSpec {
  return { effect, timeoutMs: 3_000, retry, run: (world, input) => call(world, input as I) }
}

const book = step<{ customer: string; amountCents: number }>('keyed', (world, input) => world.charge(input))
const cancel = step<{ chargeId: string; amountCents: number }>('keyed', (world, input) => world.refund(input))
const tell = (subject: string): StepSpec => step<{ customer: string }>('unkeyed', (world, { customer }) => world.mail({ to: customer, subject }))

export const steps: Record<string, StepSpec> = {
  'book-flight': book,
  'book-hotel': book,
  pay: step<{ customer: string; amountCents: number; card: 'good' | 'declined' }>('keyed', (world, { customer, amountCents, card }) =>
    world.charge({ customer, amountCents, ...(card === 'declined' ? { card } : {}) })),
  confirm: tell('Your trip is booked'),
  'cancel-flight': cancel,
  'cancel-hotel': cancel,
  apologise: tell('Your card was declined, your deposits are on their way back'),
}
