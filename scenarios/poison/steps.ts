// Each step is one call to the world. A deadly document is sent to the model first, which leaves a trace of every attempt, and then
// takes its process down: as an operating system does that runs out of memory, or as a native library does that gives up.
import type { RetryPolicy, StepSpec } from '../../contract/scenario.ts'
import type { Document } from './workflow.ts'

/** Of such a run so many workers may die before it is given up: whoever operates the engine sets this, where it can be set. */
export const livesAtMost = 5

const retry: RetryPolicy = { attempts: 12, firstMs: 100, factor: 2, maxMs: 1_000 }
/** What V8 ends with when it is out of memory. */
const abortCode = 134

export const steps: Record<string, StepSpec> = {
  fetch: {
    effect: 'unkeyed', timeoutMs: 3_000, retry,
    run: (world, input) => world.complete({ prompt: `Find ${(input as { name: string }).name}`, maxTokens: 10 }),
  },
  parse: {
    effect: 'unkeyed', timeoutMs: 3_000, retry: { ...retry, attempts: livesAtMost },
    run: async (world, input) => {
      const { name, deadly } = input as Document
      const answer = await world.complete({ prompt: `Take ${name} apart`, maxTokens: 20 })
      if (deadly === 'exit') process.exit(abortCode)
      if (deadly === 'kill') {
        process.kill(process.pid, 'SIGKILL')
        await new Promise(() => undefined)
      }
      return answer
    },
  },
  deliver: {
    effect: 'unkeyed', timeoutMs: 3_000, retry,
    run: (world, input) => {
      const { customer, approved } = input as { customer: string; approved: boolean }
      return world.mail({ to: customer, subject: approved ? 'Your document' : 'Your document was turned down' })
    },
  },
}
