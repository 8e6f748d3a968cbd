// Watches Postgres from a connection of its own while it works: what its backends wait for, and its statements by time.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'

const sampleMs = 10

/** Looks at what the backends wait for, a hundred times a second, from a connection of its own. */
export class Observer {
  readonly #client: pg.Client
  readonly #seen = new Map<string, number>()
  readonly #looking: Promise<void>
  #over = false

  constructor(url: string) {
    this.#client = new pg.Client({ connectionString: url, application_name: 'observer' })
    this.#looking = this.#look()
  }

  /** Leaves waits.txt and statements.txt in the folder. */
  async stop(folder: string): Promise<void> {
    this.#over = true
    await this.#looking
    const { rows } = await this.#client.query<{ calls: string; rows: string; total: number; mean: number; wal: string; query: string }>(`SELECT calls, rows, total_exec_time AS total, mean_exec_time AS mean, wal_bytes::text AS wal, query
      FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 15`)
    await this.#client.end()
    const statements = rows.map(({ calls, rows: written, total, mean, wal, query }) => `${total.toFixed(0)} ms in ${calls} calls (${mean.toFixed(3)} ms each), ${written} rows, ${wal} bytes of WAL\n    ${query.replace(/\s+/g, ' ').slice(0, 400)}\n`)
    const all = [...this.#seen.values()].reduce((sum, count) => sum + count, 0)
    const waits = [...this.#seen].sort(([, a], [, b]) => b - a).map(([what, count]) => `${((count / all) * 100).toFixed(1).padStart(5)} %  ${what}\n`)
    writeFileSync(join(folder, 'waits.txt'), `share of ${all} looks at backends that were at work\n${waits.join('')}`)
    writeFileSync(join(folder, 'statements.txt'), statements.join(''))
  }

  async #look(): Promise<void> {
    await this.#client.connect()
    await this.#client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements')
    while (!this.#over) {
      const { rows } = await this.#client.query<{ what: string }>({ name: 'look', text: `SELECT backend_type || ' ' || regexp_replace(application_name, '^.* ', '') || ': ' || coalesce(wait_event_type || '/' || wait_event, 'on CPU') AS what
        FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND (state = 'active' OR backend_type = 'walwriter') AND wait_event_type IS DISTINCT FROM 'Activity'` })
      for (const { what } of rows) this.#seen.set(what, (this.#seen.get(what) ?? 0) + 1)
      await new Promise((resolve) => setTimeout(resolve, sampleMs))
    }
  }
}
