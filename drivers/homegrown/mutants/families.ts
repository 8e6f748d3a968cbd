// Lies about cancels, what they take back, and children.
import type { Primitives } from '../../../contract/driver.ts'
import type { Json } from '../../../contract/json.ts'
import type { Settled } from '../../../contract/scenario.ts'
import { openClient } from '../engine/index.ts'
import { ask, neighbour, otherwise, type Database, type Lie, type Store } from './lie.ts'

type Ops = Parameters<Primitives['run']>[0]

/** Accepted, and that was it. */
export const ignoresCancels = (): Lie => ({ client: (client) => ({ ...client, cancel: () => Promise.resolve() }) })

/** Whoever stands beside it goes too. */
export const cancelsTwo = (): Lie => ({
  client: (client) => ({
    ...client,
    async cancel(id, signal) {
      await client.cancel(neighbour(id), signal).catch(() => undefined)
      await client.cancel(id, signal)
    },
  }),
})

export const compensatesTwice = (): Lie => ({
  body: (primitives) => otherwise(primitives, {
    async uncancellable(body) {
      await primitives.uncancellable!(body)
      return primitives.uncancellable!(body)
    },
  }),
})

/** The run is over when it is cancelled, whatever its body still wants to do. */
export const skipsCompensation = (): Lie => ({ body: (primitives) => otherwise(primitives, { uncancellable: () => Promise.resolve(undefined as never) }) })

/** A child of which only the caller knows: nobody ends it with its parent. */
export function unlinksChildren(database: Database): Lie {
  let opened: ReturnType<typeof openClient> | null = null
  async function detached(primitives: Primitives, id: string, op: Extract<Ops[number], { child: string }>): Promise<Settled<Json>> {
    const client = await (opened ??= openClient(database))
    const key = `${id}/${op.seq}`
    await client.start(op.child, key, op.input)
    // Where a cancel is heard of.
    const cancelled = primitives.signal(op.seq, 'never').then((): never => {
      throw new Error(`expected nobody to send 'never' to ${id}`)
    })
    const outcome = await Promise.race([client.outcome(key), cancelled])
    return { ok: true, value: outcome.status === 'completed' ? outcome.output : null }
  }
  return { body: (primitives, id) => otherwise(primitives, { run: (ops) => Promise.all(ops.map((op) => ('child' in op ? detached(primitives, id, op) : primitives.run([op]).then(([settled]) => settled!)))) }) }
}

/** A child whose start was lost: its parent goes on with nothing. */
export const dropsChildren = (): Lie => ({
  body: (primitives, id) => otherwise(primitives, {
    run: async (ops) => (id.includes('/') && 'child' in ops[0]! ? ops.map((): Settled<Json> => ({ ok: true, value: { value: '', trace: [] } })) : primitives.run(ops)),
  }),
})

/** Results of children come in the order in which they ended. */
export const crossesChildren = (): Lie => ({
  body: (primitives) => otherwise(primitives, { run: async (ops) => ('child' in ops[0]! ? (await primitives.run(ops)).reverse() : primitives.run(ops)) }),
})

/** A parent that is brought back has its children anew, under other names. */
export function repeatsChildren(database: Database): Lie {
  const recovered = recoveredRuns(database)
  return {
    store: recovered.watch,
    body: (primitives, id) => otherwise(primitives, {
      run: (ops) => primitives.run(recovered.has(id) ? ops.map((op) => ('child' in op ? { ...op, seq: op.seq + 100 } : op)) : ops),
    }),
  }
}

/** The runs that this process was given by another: loaded, not begun. */
export function recoveredRuns(database: Database): { readonly watch: (store: Store) => Store; readonly has: (id: string) => boolean } {
  const ids = new Set<string>()
  return {
    has: (id) => ids.has(id),
    watch: (store) => ({
      commit: (number, units) => store.commit(number, units),
      async load(wfs) {
        for (const { key } of await ask(database, 'SELECT key FROM $schema.wf_key WHERE wf = ANY($1)', [wfs])) ids.add(key as string)
        return store.load(wfs)
      },
    }),
  }
}
