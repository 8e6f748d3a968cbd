// One connection that comes back by itself. Statements are pipelined: written at once, answered in order. Trade-off: a
// statement that was under way when the connection broke fails here with its outcome unknown; only its caller knows how to
// find out.
import pg from 'pg'

export interface LinkOptions {
  readonly url: string
  readonly name: string
  /** A statement unanswered for this long breaks the connection: behind a cut cable it would wait for ever. */
  readonly answerWithinMs: number
  /** A transaction left open by a stopped process would keep its locks from those who take over. */
  readonly idleInTransactionMs: number
  /** Planner settings of the session. */
  readonly options?: string
  readonly onNotify?: () => void
  /** Runs on each new connection before anything else. */
  readonly greeting?: string
}

export type Query = { readonly name?: string; readonly text: string; readonly values?: readonly unknown[] }
export type Rows = { readonly rows: unknown[][]; readonly command: string }

/**
 * A pipeline's BEGIN may fail by itself (somebody cancels it), and what was written after it would then commit statement by
 * statement, without what guards it. So such sessions are read only, but for transactions that say otherwise.
 */
export const readOnlyApart = '-c default_transaction_read_only=on'
export const beginWriting = 'BEGIN READ WRITE'

const firstPauseMs = 20
const maxPauseMs = 1_000

export class Link {
  readonly #options: LinkOptions
  #client: pg.Client | null = null
  #connecting: Promise<pg.Client> | null = null
  #closed = false

  constructor(options: LinkOptions) {
    this.#options = options
  }

  /** Fails with the server's error (it has a `code` of five characters), or with any other: outcome unknown. */
  query({ name, text, values }: Query): Promise<Rows> {
    const config = { text, rowMode: 'array' as const, ...(name === undefined ? {} : { name }), ...(values === undefined ? {} : { values: values as unknown[] }) }
    return this.#client === null ? this.connect().then((client) => client.query(config)) : this.#client.query(config)
  }

  /** All written at once. Each statement has an answer of its own; callers look at the last one's command. */
  pipeline(queries: readonly Query[]): Promise<PromiseSettledResult<Rows>[]> {
    const send = (): Promise<PromiseSettledResult<Rows>[]> => Promise.allSettled(queries.map((query) => this.query(query)))
    return this.#client === null ? this.connect().then(send) : send()
  }

  /** Tries until it works; fails where trying again is pointless (password, database), after `close`, or out of patience. */
  connect(patienceMs = Infinity): Promise<pg.Client> {
    if (this.#client !== null) return Promise.resolve(this.#client)
    this.#connecting ??= this.#dial(performance.now() + patienceMs).finally(() => (this.#connecting = null))
    return this.#connecting
  }

  async close(): Promise<void> {
    this.#closed = true
    const client = this.#client
    this.#client = null
    await client?.end().catch(() => undefined)
  }

  async #dial(until: number): Promise<pg.Client> {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
      if (this.#closed) throw new StoreLost('the connection was closed')
      try {
        return (this.#client = await this.#open())
      } catch (error) {
        if (isHopeless(error) || performance.now() > until) throw new StoreLost(`no connection to the store: ${(error as Error).message}`)
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs * (0.5 + Math.random() / 2)))
    }
  }

  async #open(): Promise<pg.Client> {
    const { url, name, answerWithinMs, idleInTransactionMs, options, greeting, onNotify } = this.#options
    const client = new pg.Client({
      connectionString: url, application_name: name, pipeline: true, keepAlive: true, connectionTimeoutMillis: answerWithinMs,
      query_timeout: answerWithinMs, idle_in_transaction_session_timeout: idleInTransactionMs, ...(options === undefined ? {} : { options }),
    })
    const gone = (): void => {
      if (this.#client === client) this.#client = null
    }
    client.on('error', gone)
    client.on('end', gone)
    if (onNotify !== undefined) client.on('notification', () => onNotify())
    await client.connect()
    if (greeting !== undefined) await client.query(greeting)
    return client
  }
}

/** Trying again is pointless. */
export class StoreLost extends Error {
  override readonly name = 'StoreLost'
}

/** The server said no to the statement itself, and wrote nothing: class 22, 23, 42, … Trying the same again is pointless. */
export function isDefinite(error: unknown): error is Error & { code: string } {
  const code = sqlState(error)
  return code !== null && !/^(08|25|40|53|55|57|58|F0|XX)/.test(code)
}

export function sqlState(error: unknown): string | null {
  const code = (error as { code?: unknown }).code
  return error instanceof pg.DatabaseError && typeof code === 'string' ? code : null
}

function isHopeless(error: unknown): boolean {
  return /^(28|3D|42)/.test(sqlState(error) ?? '')
}

/** Asks again until the store answers; fails when it says no, or is lost for good. Only for what may be done twice. */
export async function persist<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (isDefinite(error)) throw error
      await pauseAfter(error)
    }
  }
}

/** Before trying a statement again: hardly, after a lost connection, whose return pauses by itself; longer for an overloaded server. */
export async function pauseAfter(error: unknown): Promise<void> {
  if (error instanceof StoreLost) throw error
  await new Promise((resolve) => setTimeout(resolve, (sqlState(error) === null ? 5 : 50) * (1 + Math.random())))
}
