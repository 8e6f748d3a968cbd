// Ways to break the engine on purpose, so that the oracle can be shown to notice. Each wraps a seam; the engine knows nothing
// of them, and this file is loaded only where a configuration asks for a mutation.
import pg from 'pg'
import type { Primitives } from '../../contract/driver.ts'
import type { Json } from '../../contract/json.ts'
import type { Settled } from '../../contract/scenario.ts'
import type { Wrap } from './body.ts'
import type { Mutation } from './config.ts'
import { kind, type Seams } from './engine/index.ts'
import { writesUnfenced } from './unfenced-rows.ts'

export interface Mutations {
  readonly seams: Partial<Seams>
  readonly primitives: Wrap
}

type Store = Parameters<Seams['decorateStore']>[0]
type Mailbox = ReturnType<Seams['createMailbox']>

/** Long enough that a kill finds something acknowledged and not yet sent. */
const heldBackMs = 200

export function mutate(mutations: readonly Mutation[], database: { readonly url: string; readonly schema: string }): Mutations {
  const on = (mutation: Mutation): boolean => mutations.includes(mutation)
  const seams: Partial<Seams> = {
    guards: guards(on),
    ...(on('lose-early-signal') ? { createMailbox: () => forgetful(database) } : {}),
    decorateStore: (store) => {
      const loading = on('rerun-claimed') ? forgetsLastStep(store, database) : store
      if (on('unfenced-waits')) return writesUnfenced('waits', loading, database)
      if (on('unfenced-ends')) return writesUnfenced('ends', loading, database)
      return on('ack-before-commit') ? acknowledgesFirst(loading) : loading
    },
  }
  return { seams, primitives: on('stale-reply') ? answersWithOlder : (primitives) => primitives }
}

function guards(on: (mutation: Mutation) => boolean): Seams['guards'] {
  const fenceOff = on('no-fence')
  return {
    fence: fenceOff ? 'id = $1' : on('no-batch-check') ? 'id = $1 AND NOT fenced' : 'id = $1 AND batch = $2 - 1 AND NOT fenced',
    // A journal that swallows what is there already.
    onDuplicate: fenceOff || on('rerun-claimed') || on('no-batch-check') ? 'ON CONFLICT DO NOTHING' : '',
    revoke: fenceOff ? 'expires = clock_timestamp() + interval \'1 hour\'' : 'fenced = true',
    unanswered: on('believe-unanswered') ? 'believe' : 'ask',
  }
}

/** Says "durable" at once, and writes later, in order. */
function acknowledgesFirst(store: Store): Store {
  let written = Promise.resolve()
  return {
    load: (wfs) => store.load(wfs),
    commit(number, units) {
      const copy = [...units]
      // A statement's rows can't be made up. That a start's id is taken goes unnoticed, as it would in such an engine.
      const mustAsk = copy.some((unit) => unit.statement !== null)
      const write = written.then(async () => {
        if (!mustAsk) await new Promise((resolve) => setTimeout(resolve, heldBackMs))
        return store.commit(number, copy)
      })
      written = write.then(() => undefined, () => undefined) // who would be told?
      return mustAsk ? write : Promise.resolve({ fenced: false, answers: null })
    },
  }
}

/** Recovery finds every run a step short. */
function forgetsLastStep(store: Store, { url, schema }: { url: string; schema: string }): Store {
  return {
    commit: (number, units) => store.commit(number, units),
    async load(wfs) {
      const runs = await store.load(wfs)
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      for (const { wf, rows } of runs) {
        const last = Math.max(...[...rows.values()].filter((row) => row.kind === kind.step).map((row) => row.seq), 0)
        if (last === 0) continue
        rows.delete(last)
        await client.query(`DELETE FROM ${schema}.journal WHERE wf = $1 AND seq = $2`, [wf, last])
      }
      await client.end()
      return runs
    },
  }
}

/** Keeps nothing that nobody waits for, as an inbox that is emptied when it is read. */
function forgetful({ url, schema }: { url: string; schema: string }): Mailbox {
  let waiting: { name: string; got: Parameters<Mailbox['wait']>[1] } | null = null
  return {
    put(message) {
      if (waiting?.name !== message.name) {
        const client = new pg.Client({ connectionString: url })
        void client.connect().then(() => client.query(`DELETE FROM ${schema}.inbox WHERE n = $1`, [message.n])).then(() => client.end())
        return
      }
      const { got } = waiting
      waiting = null
      got(message)
    },
    consumed: () => undefined,
    take: () => undefined,
    wait(name, got) {
      const mine = (waiting = { name, got })
      return () => {
        if (waiting === mine) waiting = null
      }
    },
  }
}

/** Every third operation is answered with what the one before it returned. */
function answersWithOlder(primitives: Primitives): Primitives {
  let older: Settled<Json>[] | null = null
  return new Proxy(primitives, {
    get(target, name) {
      if (name !== 'run') {
        const found = Reflect.get(target, name) as unknown
        return typeof found === 'function' ? (found.bind(target) as unknown) : found
      }
      return async (ops: Parameters<Primitives['run']>[0]) => {
        const fresh = await target.run(ops)
        const stale = older !== null && older.length === fresh.length && ops[0]!.seq % 3 === 0 ? older : fresh
        older = fresh
        return stale
      }
    },
  })
}
