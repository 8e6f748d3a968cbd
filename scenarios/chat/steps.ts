// Each step is one call to the world, none of them keyed: a message that is answered twice is a second call that costs again.
import type { RetryPolicy, StepSpec } from '../../contract/scenario.ts'
import type { Json } from '../../contract/json.ts'
import type { World } from '../../contract/world.ts'

const retry: RetryPolicy = { attempts: 12, firstMs: 100, factor: 2, maxMs: 1_000 }

function step<I extends Json>(call: (world: World, input: I) => Promise<Json>): StepSpec {
  return { effect: 'unkeyed', timeoutMs: 3_000, retry, run: (world, input) => call(world, input as I) }
}

export const steps: Record<string, StepSpec> = {
  answer: step<{ memory: string; said: string }>((world, { memory, said }) =>
    world.complete({ prompt: `So far: ${memory}\nThe customer: ${said}\nYou:`, maxTokens: 20 })),
  transcript: step<{ customer: string; answered: number }>((world, { customer, answered }) =>
    world.mail({ to: customer, subject: `Our conversation of ${answered} messages` })),
}
