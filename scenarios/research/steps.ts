// A fetch is given up soon, since others may know as well; the rest is worth many tries. The model and the mail are the unkeyed
// canaries. All have long time-outs: a worker that takes over forty fan-outs has thousands of answers to read.
import type { RetryPolicy, StepSpec } from '../../contract/scenario.ts'
import type { Json } from '../../contract/json.ts'
import type { World } from '../../contract/world.ts'
import type { Source } from './workflow.ts'

const patient: RetryPolicy = { attempts: 12, firstMs: 100, factor: 2, maxMs: 1_000 }
const brief: RetryPolicy = { attempts: 5, firstMs: 100, factor: 2, maxMs: 1_000 }

function step<I extends Json>(effect: StepSpec['effect'], retry: RetryPolicy, call: (world: World, input: I) => Promise<Json>): StepSpec {
  return { effect, timeoutMs: 10_000, retry, run: (world, input) => call(world, input as I) }
}

export const steps: Record<string, StepSpec> = {
  plan: step<{ topic: string }>('unkeyed', patient, (world, { topic }) => world.complete({ prompt: `Who knows about ${topic}?`, maxTokens: 40 })),
  fetch: step<Source>('keyed', brief, (world, { api, mishaps, gone }) => world.probe({ value: api, mishaps, refuse: gone })),
  summarise: step<{ plan: string; findings: number }>('unkeyed', patient, (world, { plan, findings }) =>
    world.complete({ prompt: `${plan}\nSum up ${findings} findings.`, maxTokens: 40 })),
  publish: step<{ topic: string; summary: string }>('unkeyed', patient, (world, { topic, summary }) =>
    world.mail({ to: 'readers@example.org', subject: `${topic}: ${summary}` })),
}
