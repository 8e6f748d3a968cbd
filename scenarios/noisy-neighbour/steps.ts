// Each step is one call to the world, none of them keyed: whatever is done again in the crowd shows.
import type { RetryPolicy, StepSpec } from '../../contract/scenario.ts'
import type { Json } from '../../contract/json.ts'
import type { World } from '../../contract/world.ts'

const retry: RetryPolicy = { attempts: 12, firstMs: 100, factor: 2, maxMs: 1_000 }

function step<I extends Json>(call: (world: World, input: I) => Promise<Json>): StepSpec {
  return { effect: 'unkeyed', timeoutMs: 3_000, retry, run: (world, input) => call(world, input as I) }
}

export const steps: Record<string, StepSpec> = {
  read: step<{ tenant: string; page: number }>((world, { tenant, page }) => world.complete({ prompt: `Read page ${page} for ${tenant}`, maxTokens: 20 })),
  report: step<{ tenant: string; pages: number }>((world, { tenant, pages }) => world.mail({ to: `${tenant}@example.org`, subject: `${pages} pages read` })),
}
