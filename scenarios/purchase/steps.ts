// The steps of a purchase, each one call to the world. The receipt is the unkeyed canary: the mail API has no idempotency
// key, so a double run is a second mail, which the ledger shows.
import type { RetryPolicy, StepSpec } from '../../contract/scenario.ts'
import type { Json } from '../../contract/json.ts'
import type { World } from '../../contract/world.ts'

const retry: RetryPolicy = { attempts: 12, firstMs: 100, factor: 2, maxMs: 1_000 }

function step<I extends Json>(effect: StepSpec['effect'], call: (world: World, input: I) => Promise<Json>): StepSpec {
  return { effect, timeoutMs: 3_000, retry, run: (world, input) => call(world, input as I) }
}

export const steps: Record<string, StepSpec> = {
  plan: step<{ customer: string; amountCents: number }>('unkeyed', (world, { customer, amountCents }) =>
    world.complete({ prompt: `${customer} wants to buy for ${amountCents} cents. What next?`, maxTokens: 60 })),
  charge: step<{ customer: string; amountCents: number }>('keyed', (world, input) => world.charge(input)),
  receipt: step<{ customer: string; chargeId: string }>('unkeyed', (world, { customer, chargeId }) =>
    world.mail({ to: customer, subject: `Receipt for ${chargeId}` })),
  summarise: step<{ plan: string; decision: string }>('unkeyed', (world, { plan, decision }) =>
    world.complete({ prompt: `Plan: ${plan}\nThe human said: ${decision}. Summarise.`, maxTokens: 60 })),
  ship: step<{ order: string }>('keyed', (world, input) => world.ship(input)),
  refund: step<{ chargeId: string; amountCents: number }>('keyed', (world, input) => world.refund(input)),
}
