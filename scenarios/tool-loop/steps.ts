// The model and its tools. Each returns what the model is shown. Asking a colleague is a mail, the unkeyed canary among the tools;
// buying data costs money.
import type { RetryPolicy, StepSpec } from '../../contract/scenario.ts'
import type { Json } from '../../contract/json.ts'
import type { ToolUse, World } from '../../contract/world.ts'

export const dataPriceCents = 25

const retry: RetryPolicy = { attempts: 12, firstMs: 100, factor: 2, maxMs: 1_000 }

function step<I extends Json>(effect: StepSpec['effect'], call: (world: World, input: I) => Promise<Json>): StepSpec {
  return { effect, timeoutMs: 3_000, retry, run: (world, input) => call(world, input as I) }
}

type ToolInput = { readonly question: string; readonly turn: number }

const look = (where: string): StepSpec => step<ToolInput>('keyed', async (world, { turn }) => (await world.probe({ value: `${where}, page ${turn}` })).value)

export const tools: Record<string, StepSpec> = {
  search: look('the web'),
  read: look('the archive'),
  'buy-data': step<ToolInput>('keyed', async (world, { question }) => (await world.charge({ customer: question, amountCents: dataPriceCents })).chargeId),
  'ask-colleague': step<ToolInput>('unkeyed', async (world, { question }) => (await world.mail({ to: 'colleague@example.org', subject: question })).messageId),
}

export const steps: Record<string, StepSpec> = {
  decide: step<{ question: string; tools: readonly string[]; used: readonly ToolUse[] }>('unkeyed', (world, request) => world.decide(request)),
  ...tools,
}
