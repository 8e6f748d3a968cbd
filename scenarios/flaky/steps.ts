// What must be reached is tried twelve times, what may fail four times. The report is the unkeyed canary.
import type { RetryPolicy, StepSpec } from '../../contract/scenario.ts'
import type { Behaviour, FlakyOutput } from './workflow.ts'

const patient: RetryPolicy = { attempts: 12, firstMs: 100, factor: 2, maxMs: 1_000 }
const brief: RetryPolicy = { attempts: 4, firstMs: 100, factor: 2, maxMs: 1_000 }

const service = (retry: RetryPolicy): StepSpec => ({
  effect: 'keyed', timeoutMs: 3_000, retry,
  run: (world, input) => world.probe(input as Behaviour),
})

export const steps: Record<string, StepSpec> = {
  limited: service(patient),
  hanging: service(patient),
  unsteady: service(brief),
  closed: service(brief),
  report: {
    effect: 'unkeyed', timeoutMs: 3_000, retry: patient,
    run: (world, input) => {
      const { unsteady, closed } = input as FlakyOutput
      return world.mail({ to: 'operator@example.org', subject: `unsteady: ${unsteady}, closed: ${closed}` })
    },
  },
  vital: service(brief),
}
