// Each step is one call to the world. The announcements are the unkeyed canaries: a second one is a second mail.
import type { RetryPolicy, StepSpec } from '../../contract/scenario.ts'
import type { Json } from '../../contract/json.ts'
import type { World } from '../../contract/world.ts'

const retry: RetryPolicy = { attempts: 12, firstMs: 100, factor: 2, maxMs: 1_000 }

function step<I extends Json>(effect: StepSpec['effect'], call: (world: World, input: I) => Promise<Json>): StepSpec {
  return { effect, timeoutMs: 3_000, retry, run: (world, input) => call(world, input as I) }
}

const announcement = (decision: string): StepSpec => step<{ customer: string; chargeId: string }>('unkeyed', (world, { customer, chargeId }) =>
  world.mail({ to: customer, subject: `Payment ${chargeId} was ${decision}` }))

export const steps: Record<string, StepSpec> = {
  charge: step<{ customer: string; amountCents: number }>('keyed', (world, input) => world.charge(input)),
  'announce-approved': announcement('approved'),
  'announce-rejected': announcement('rejected'),
  'announce-expired': announcement('not answered in time'),
  ship: step<{ order: string }>('keyed', (world, input) => world.ship(input)),
  refund: step<{ chargeId: string; amountCents: number }>('keyed', (world, input) => world.refund(input)),
}
