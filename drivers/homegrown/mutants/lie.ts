// What a lie may replace: the seams of the engine, what runs a step's body, what a workflow's body sees, the client. The engine knows
// nothing of it; worker.ts loads these files only where a configuration asks for a mutation.
import pg from 'pg'
import type { Client, Primitives, StepExecution } from '../../../contract/driver.ts'
import type { Reply } from '../../../contract/logs.ts'
import type { Seams } from '../engine/index.ts'

export type Store = Parameters<Seams['decorateStore']>[0]
export type Mailbox = ReturnType<Seams['createMailbox']>
export type Execute = (call: StepExecution) => Promise<Reply>

export interface Lie {
  readonly guards?: Partial<Seams['guards']>
  readonly store?: (store: Store) => Store
  readonly mailbox?: () => Mailbox
  readonly execute?: (execute: Execute) => Execute
  /** `id` is the run's. */
  readonly body?: (primitives: Primitives, id: string) => Primitives
  readonly client?: (client: Client) => Client
  /** What every worker says of its code, whichever it has. */
  readonly version?: string
}

/** Where the engine keeps its rows, for lies that go there behind its back. */
export interface Database {
  readonly url: string
  readonly schema: string
  readonly leaseMs: number
  readonly pollMs: number
}

/** A statement of a connection of its own; `$schema` is the engine's. Slow, and lies may be. */
export async function ask({ url, schema }: Database, text: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text.replaceAll('$schema', schema), [...values])).rows
  } finally {
    await client.end()
  }
}

type Loaded = Awaited<ReturnType<Store['load']>>

/** Changes what recovery is given. */
export function loading(change: (runs: Loaded) => Promise<Loaded>): Lie {
  return { store: (store) => ({ commit: (number, units) => store.commit(number, units), load: async (wfs) => change(await store.load(wfs)) }) }
}

/** The same primitives but for what is replaced; the methods of a class are not its own properties. */
export function otherwise(primitives: Primitives, replaced: Partial<Primitives>): Primitives {
  return new Proxy(primitives, {
    get(target, name) {
      const found = (name in replaced ? Reflect.get(replaced, name) : Reflect.get(target, name)) as unknown
      return typeof found === 'function' ? (found.bind(name in replaced ? replaced : target) as unknown) : found
    },
  })
}

/** Whether a run is one of every `n`: the same at every worker, whenever it is asked. */
export function isOneOf(id: string, n: number): boolean {
  return indexOf(id) % n === 0
}

/** The number that load gave the run: the one after the last '-' of its id or its parent's. */
export function indexOf(id: string): number {
  const top = id.split('/', 1)[0]!
  return Number(top.slice(top.lastIndexOf('-') + 1))
}

/** The id of the run that load started next, or before for the odd ones: whom a mix-up concerns. */
export function neighbour(id: string): string {
  return `${id.slice(0, id.lastIndexOf('-') + 1)}${indexOf(id) ^ 1}`
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
