// A Postgres of the tests' own, and engine workers on it whose pauses and leases are short.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startGuard } from '../../../processes/guard.ts'
import type { Controlled } from '../../../services/index.ts'
import { startServices } from '../../../services/index.ts'
import { Link, migrate, openClient, Worker, type Seams, type WorkflowBody } from '../engine/index.ts'

export interface Place extends AsyncDisposable {
  readonly url: string
  readonly store: Controlled
  /** A schema of its own for each test, or the one of that name. */
  schema(name?: string): Promise<Schema>
}

export interface Schema {
  readonly url: string
  readonly name: string
  open(options: Opening): Promise<Worker>
  client(): ReturnType<typeof openClient>
  query(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>
  /** For what operators do. */
  link(): Link
}

interface Opening {
  readonly as: string
  readonly workflows: Readonly<Record<string, WorkflowBody>>
  readonly leaseMs?: number
  readonly version?: string
  readonly continues?: readonly string[]
  /** Default: the engine's. */
  readonly parkAfterMs?: number
  /** Default: the store itself. */
  readonly through?: string
  readonly seams?: Partial<Seams>
  readonly onLost?: (why: string) => void
}

export const pollMs = 50

export async function startPlace(): Promise<Place> {
  await using stack = new AsyncDisposableStack()
  const folder = stack.adopt(mkdtempSync(join(tmpdir(), 'durabench-engine-')), (path) => rmSync(path, { recursive: true, force: true }))
  const guard = stack.use(await startGuard())
  const { postgresUrl, store } = stack.use(await startServices({ needs: ['postgres'], folder, guard, prefix: 'engine', addresses: {}, onProgress: () => undefined }))
  const url = postgresUrl!
  let schemas = 0
  const kept = stack.move()

  return {
    url,
    store: store!,
    async schema(name = `test_${++schemas}`) {
      await migrate(url, name)
      return {
        url,
        name,
        open: ({ as, workflows, leaseMs = 1_000, through = url, seams, onLost = (why) => console.error(`${as} was lost: ${why}`), ...rest }) =>
          Worker.open({ url: through, schema: name, leaseMs, pollMs, incarnation: as, identity: as, workflows: new Map(Object.entries(workflows)), onLost, log: () => undefined, ...rest }, seams),
        client: () => openClient({ url, schema: name, leaseMs: 1_000, pollMs }),
        link: () => new Link({ url, name: 'operator', answerWithinMs: 10_000, idleInTransactionMs: 10_000 }),
        query: (text, values) => ask(url, text.replaceAll('$schema', name), values),
      }
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

async function ask(url: string, text: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text, values)).rows
  } finally {
    await client.end()
  }
}

export const retry = { attempts: 3, firstMs: 20, factor: 2, maxMs: 100 }
export const quiet = new AbortController().signal

/** Runs `count` steps, one after the other; each returns its number. */
export function steps(count: number, pauseMs = 0): WorkflowBody {
  return async (run) => {
    for (let seq = 1; seq <= count; seq++) {
      const result = await run.step(seq, 'count', retry, async () => {
        if (pauseMs > 0) await pause(pauseMs)
        return seq
      })
      if (!result.ok) throw result.error
    }
    return count
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

export async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`expected ${what} within ${withinMs} ms`)
    await pause(20)
  }
}
