// One step that returns a payload of the asked size and touches nothing; its evidence is the worker's bare ledger.
import type { StepSpec } from '../../contract/scenario.ts'

const payloads = new Map<number, string>()

export const steps: Record<string, StepSpec> = {
  noop: {
    effect: 'none',
    timeoutMs: 5_000,
    retry: { attempts: 10, firstMs: 100, factor: 2, maxMs: 1_000 },
    run: (_world, input) => {
      const bytes = input as number
      let payload = payloads.get(bytes)
      if (payload === undefined) payloads.set(bytes, (payload = 'x'.repeat(bytes)))
      return Promise.resolve(payload)
    },
  },
}
