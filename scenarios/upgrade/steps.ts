// The steps of both versions, each one call to the world and none of them keyed. Their names end with the version whose body makes
// them, so that the world alone can tell which body a run was on.
import type { RetryPolicy, StepSpec } from '../../contract/scenario.ts'
import type { Json } from '../../contract/json.ts'
import type { World } from '../../contract/world.ts'

const retry: RetryPolicy = { attempts: 12, firstMs: 100, factor: 2, maxMs: 1_000 }

function step<I extends Json>(call: (world: World, input: I) => Promise<Json>): StepSpec {
  return { effect: 'unkeyed', timeoutMs: 3_000, retry, run: (world, input) => call(world, input as I) }
}

type Decided = { customer: string; text: string; approved: boolean }

const draft = step<{ customer: string }>((world, { customer }) => world.complete({ prompt: `Write an offer to ${customer}`, maxTokens: 20 }))
const send = step<Decided>((world, { customer, text, approved }) => world.mail({ to: customer, subject: approved ? text : 'No offer today' }))

export const steps: Record<string, StepSpec> = {
  'draft-1': draft,
  'send-1': send,
  'draft-2': draft,
  'check-2': step<{ text: string }>((world, { text }) => world.complete({ prompt: `Is this correct? ${text}`, maxTokens: 20 })),
  'send-2': send,
  'file-2': step<Decided>((world, { customer, approved }) => world.mail({ to: 'archive@example.org', subject: `${customer}: ${approved ? 'sent' : 'not sent'}` })),
}
