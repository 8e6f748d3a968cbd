// The world keeps fingerprints, so that the size is the engine's matter alone. The last mail is the unkeyed canary. Time-outs are long,
// since a megabyte may take a busy engine seconds to record, and a try that is given up costs it another.
import type { RetryPolicy, StepSpec } from '../../contract/scenario.ts'
import type { Json } from '../../contract/json.ts'
import type { World } from '../../contract/world.ts'
import { fingerprint, payload } from './payload.ts'
import type { ReportInput } from './workflow.ts'

const retry: RetryPolicy = { attempts: 12, firstMs: 100, factor: 2, maxMs: 1_000 }

function step<I extends Json>(effect: StepSpec['effect'], call: (world: World, input: I) => Promise<Json>): StepSpec {
  return { effect, timeoutMs: 15_000, retry, run: (world, input) => call(world, input as I) }
}

export const steps: Record<string, StepSpec> = {
  draft: step<ReportInput>('keyed', async (world, { label, bytes }) => {
    const text = payload(label, bytes)
    await world.probe({ value: fingerprint(text) })
    return text
  }),
  archive: step<{ text: string }>('keyed', async (world, { text }) => (await world.probe({ value: fingerprint(text) })).value),
  notify: step<{ label: string }>('unkeyed', (world, { label }) => world.mail({ to: 'reader@example.org', subject: label })),
}
