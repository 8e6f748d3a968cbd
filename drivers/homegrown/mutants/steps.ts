// Lies about steps: how often their bodies run, with what, and whose reply counts.
import { isNamed, Refused, type StepFailed } from '../../../contract/errors.ts'
import type { Primitives } from '../../../contract/driver.ts'
import type { Json } from '../../../contract/json.ts'
import type { Reply } from '../../../contract/logs.ts'
import type { Settled } from '../../../contract/scenario.ts'
import { isOneOf, otherwise, pause, type Execute, type Lie } from './lie.ts'

const stragglesAfterMs = 300
const pauseMs = 20

/** No process of a point gives it. */
const madeUp = 2 ** 45

/** A second request in case the first is slow; whichever answers first counts. */
export const hedges = (): Lie => ({ execute: (execute) => (call) => (call.seq % 3 === 0 ? Promise.race([execute(call), execute(call)]) : execute(call)) })

/** An attempt that was given up goes on behind its run's back, and begins again after its end. */
export function straggles(): Lie {
  return {
    execute: (execute) => async (call) => {
      const reply = await execute(call)
      if (call.seq >= 5) setTimeout(() => void execute(call).catch(() => undefined), stragglesAfterMs)
      return reply
    },
  }
}

/** The idempotency key is made anew for each attempt. */
export const changesKeys = (): Lie => ({ execute: (execute) => (call) => execute({ ...call, key: `${call.key}/${process.hrtime.bigint()}` }) })

/** Keys that don't tell runs apart. */
export const sharesKeys = (): Lie => ({ execute: (execute) => (call) => execute({ ...call, key: `${call.scenario}/${call.seq}` }) })

/** Tries on for as long as it takes, whatever the policy says. */
export function triesForEver(): Lie {
  return { execute: (execute) => (call) => persistently(execute, call, (error) => !isNamed(error, 'Refused')) }
}

/** Takes a refusal for a hiccup, a few times. */
export function triesRefusals(): Lie {
  return {
    execute: (execute) => (call) => {
      let left = 3
      return persistently(execute, call, (error) => isNamed(error, 'Refused') && left-- > 0)
    },
  }
}

async function persistently(execute: Execute, call: Parameters<Execute>[0], again: (error: unknown) => boolean): Promise<Reply> {
  for (;;) {
    try {
      return await execute(call)
    } catch (error) {
      if (!again(error)) throw error
      await pause(pauseMs)
    }
  }
}

/** The first hiccup ends a step for good. */
export const givesUp = (): Lie => ({
  execute: (execute) => (call) => execute(call).catch((error: unknown) => {
    throw new Refused((error as Error).message)
  }),
})

/** A result that was made is taken for a failure: what reported it came too late. */
export const deniesSuccess = (): Lie => ({
  execute: (execute) => async (call) => {
    const reply = await execute(call)
    if (call.seq === 3 && isOneOf(call.workflowId, 5)) throw new Refused('no heartbeat')
    return reply
  },
})

/** What a step is given is put together anew at each attempt, out of more than its predecessors. */
export const addsToInputs = (): Lie => ({ execute: (execute) => (call) => execute(call.seq === 5 ? { ...call, input: { ...call.input, p: [...call.input.p, madeUp] } } : call) })

/** The input is what an earlier version of the run had there. */
export function changesInputs(): Lie {
  const asked = new Set<string>()
  return {
    execute: (execute) => (call) => {
      const again = asked.has(call.key)
      asked.add(call.key)
      return execute(again ? { ...call, input: { ...call.input, i: { stale: true, ...(call.input.i as Record<string, Json>) } } } : call)
    },
  }
}

/** Results are remembered by the step's name alone, across runs. */
export function memoizes(): Lie {
  const known = new Map<string, Reply>()
  return {
    execute: (execute) => async (call) => {
      const remembered = known.get(call.step)
      if (remembered !== undefined && isOneOf(call.workflowId, 3)) return remembered
      const reply = await execute(call)
      known.set(call.step, reply)
      return reply
    },
  }
}

/** Every third operation is answered with what the one before it returned. */
export function answersWithOlder(): Lie {
  return {
    body: (primitives) => {
      let older: Settled<Json>[] | null = null
      return otherwise(primitives, {
        async run(ops) {
          const fresh = await primitives.run(ops)
          const stale = older !== null && older.length === fresh.length && ops[0]!.seq % 3 === 0 ? older : fresh
          older = fresh
          return stale
        },
      })
    },
  }
}

/** The second step is filed under the third's number, and the third under the second's. */
export const swapsNumbers = (): Lie => ({
  body: (primitives, id) => otherwise(primitives, {
    run: (ops) => {
      const [op] = ops
      const seq = op?.seq === 1 ? 2 : op?.seq === 2 ? 1 : null
      return ops.length === 1 && seq !== null && !id.includes('/') ? primitives.run([{ ...op!, seq, key: `${id}/${seq}` }]) : primitives.run(ops)
    },
  }),
})

/** The first of several branches that is there ends the wait for all; the others are given up and go on. */
export function joinsEarly(exhausted: (message: string) => StepFailed): Lie {
  const alone = (primitives: Primitives, op: Parameters<Primitives['run']>[0][number]): Promise<Settled<Json>> => primitives.run([op]).then(([settled]) => settled!)
  return {
    body: (primitives) => otherwise(primitives, {
      async run(ops) {
        if (ops.length === 1) return primitives.run(ops)
        const branches = ops.map((op) => alone(primitives, op))
        for (const branch of branches) branch.catch(() => undefined)
        await Promise.race(branches)
        return Promise.all(branches.map((branch) => Promise.race([branch, pause(0).then((): Settled<Json> => ({ ok: false, error: exhausted('given up') }))])))
      },
    }),
  }
}
