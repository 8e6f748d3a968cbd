// Steps for scripts: `echo` touches nothing, the others call the world, with scripted failures and delays.
import { Refused } from '../../contract/errors.ts'
import type { StepSpec } from '../../contract/scenario.ts'

const retry = { attempts: 5, firstMs: 50, factor: 2, maxMs: 400 }

export const steps: Record<string, StepSpec> = {
  echo: { effect: 'none', timeoutMs: 2_000, retry, run: (_world, input) => Promise.resolve(input) },
  refuse: { effect: 'none', timeoutMs: 2_000, retry, run: (_world, input) => Promise.reject(new Refused(`refused: ${JSON.stringify(input)}`)) },
  throw: { effect: 'none', timeoutMs: 2_000, retry: { ...retry, attempts: 2 }, run: () => Promise.reject(new Error('always fails')) },
  probe: { effect: 'keyed', timeoutMs: 2_000, retry, run: (world, input) => world.probe(input as { failures?: number; refuse?: boolean; delayMs?: number; value?: string }) },
  mail: { effect: 'unkeyed', timeoutMs: 2_000, retry, run: (world, input) => world.mail({ to: 'someone@example.org', subject: JSON.stringify(input) }) },
}
