// Lies about a run's lives: those that it has one after the other, and the workers that it costs.
import type { Json } from '../../../contract/json.ts'
import type { Renewed } from '../../../contract/logs.ts'
import { ask, loading, otherwise, type Database, type Lie } from './lie.ts'

/** Beyond all numbers that a body gives its operations. */
const unseen = 100_000
/** Long enough for a message that was just sent to count as there. */
const lookMs = 30

/** What was sent while the old life was still at work is the old life's, and goes with it. */
export function drainsAtRenewal(): Lie {
  return {
    body: (primitives) => {
      let seq = unseen
      return otherwise(primitives, {
        async renew(at, input) {
          while (await primitives.signal(++seq, 'message', lookMs) !== 'timeout') continue
          return primitives.renew!(at, input)
        },
      })
    },
  }
}

/** Every life after the first begins with what the second began with. */
export function renewsFromFirst(): Lie {
  const first = new Map<string, Json>()
  return {
    body: (primitives, id) => otherwise(primitives, {
      renew(at, input) {
        const { renewed } = input as Renewed
        const state = first.get(id) ?? renewed.input
        first.set(id, state)
        return primitives.renew!(at, { renewed: { ...renewed, input: state } } satisfies Renewed)
      },
    }),
  }
}

/** Whoever was on a worker that died is as guilty as whoever killed it. */
export const condemnsTogether = (database: Database): Lie => marking(database, 'lost = 9, strikes = 9')

/** Nobody counts how many workers a run has cost. */
export const neverCondemns = (database: Database): Lie => marking(database, 'lost = 0, strikes = 0')

/** What the next one reads who is bereaved of these runs. */
function marking(database: Database, marks: string): Lie {
  return loading(async (runs) => {
    await ask(database, `UPDATE $schema.active SET ${marks} WHERE wf = ANY($1)`, [runs.map(({ wf }) => wf)])
    return runs
  })
}
