// What bounds a row: its point played once more, uncounted, with CPU profiles of the workers, the wait events of Postgres's
// backends, its statements by time and a hundredth of their plans. It distorts what it watches, so none of its rates is a figure.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { Driver } from '../../contract/driver.ts'
import type { Point } from '../../contract/plan.ts'
import { cpuTable } from './cpu-profile.ts'
import type { Place, StoreSettings } from './place.ts'
import { play, type Watching } from './play.ts'

const sampleMs = 10

const settings: StoreSettings = {
  shared_preload_libraries: `'pg_stat_statements', 'auto_explain'`,
  'auto_explain.log_min_duration': '0',
  'auto_explain.sample_rate': '0.01',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_parameter_max_length': '0',
}

/** Leaves in the folder: cpu.txt, waits.txt, statements.txt, postgres.log with the plans, and a .cpuprofile a worker. */
export async function profile(place: Place, point: Point, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  await play(place, point, {}, watch(folder))
  writeFileSync(join(folder, 'cpu.txt'), cpuTable(folder))
}

function watch(folder: string): Watching {
  let observer: Observer | undefined
  return {
    settings,
    logs: folder,
    wrap: (driver) => profiled(driver, folder),
    begin: (url) => (observer = new Observer(url)),
    async end() {
      const { waits, statements } = await observer!.stop()
      writeFileSync(join(folder, 'waits.txt'), waits)
      writeFileSync(join(folder, 'statements.txt'), statements)
    },
  }
}

function profiled(driver: Driver, folder: string): Driver {
  return {
    ...driver,
    async deploy(env) {
      const deployment = await driver.deploy(env)
      const first = new Map<number, string>()
      return {
        ...deployment,
        [Symbol.asyncDispose]: () => deployment[Symbol.asyncDispose](),
        worker(slot) {
          const spec = deployment.worker(slot)
          if (!first.has(slot.index)) first.set(slot.index, slot.incarnation)
          // Those that come after the drain only answer questions.
          if (first.get(slot.index) !== slot.incarnation) return spec
          return { ...spec, nodeArgs: [...(spec.nodeArgs ?? []), '--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${slot.incarnation}.cpuprofile`] }
        },
      }
    },
  }
}

/** Looks at what the backends wait for, a hundred times a second, from a connection of its own. */
class Observer {
  readonly #client: pg.Client
  readonly #seen = new Map<string, number>()
  readonly #looking: Promise<void>
  #over = false

  constructor(url: string) {
    this.#client = new pg.Client({ connectionString: url, application_name: 'observer' })
    this.#looking = this.#look()
  }

  async stop(): Promise<{ waits: string; statements: string }> {
    this.#over = true
    await this.#looking
    const { rows } = await this.#client.query<{ calls: string; rows: string; total: number; mean: number; wal: string; query: string }>(`SELECT calls, rows, total_exec_time AS total, mean_exec_time AS mean, wal_bytes::text AS wal, query
      FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 15`)
    await this.#client.end()
    const statements = rows.map(({ calls, rows: written, total, mean, wal, query }) => `${total.toFixed(0)} ms in ${calls} calls (${mean.toFixed(3)} ms each), ${written} rows, ${wal} bytes of WAL\n    ${query.replace(/\s+/g, ' ').slice(0, 400)}\n`)
    const all = [...this.#seen.values()].reduce((sum, count) => sum + count, 0)
    const waits = [...this.#seen].sort(([, a], [, b]) => b - a).map(([what, count]) => `${((count / all) * 100).toFixed(1).padStart(5)} %  ${what}\n`)
    return { waits: `share of ${all} looks at backends that were at work\n${waits.join('')}`, statements: statements.join('') }
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
