// Where rows measure: a guard, a temporary folder that is removed at the end, and fresh stores in it. Trade-off: a store a
// measurement costs two seconds each; but no side inherits another's tables, caches or checkpoint.
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startGuard, type Guard } from '../../processes/guard.ts'
import { query } from '../../services/postgres/query.ts'
import { startPostgres, type RunningPostgres } from '../../services/postgres/server.ts'

export interface Timing {
  readonly pairs: number
  /** Of one measured window. */
  readonly seconds: number
  readonly warmupSeconds: number
  readonly seed: number
  /** none: a sweep takes its first setting unmeasured, for tests. */
  readonly sweeps: 'all' | 'none'
}

/** Postgres settings as ALTER SYSTEM takes them, quotes included. */
export type StoreSettings = Readonly<Record<string, string>>

export class Place implements AsyncDisposable {
  readonly guard: Guard
  readonly timing: Timing
  /** A line for people who wait. */
  readonly tell: (line: string) => void
  readonly #root: string
  readonly #shared = new Map<string, Promise<unknown>>()
  #folders = 0

  private constructor(guard: Guard, root: string, timing: Timing, tell: (line: string) => void) {
    this.guard = guard
    this.timing = timing
    this.tell = tell
    this.#root = root
  }

  static async open(timing: Timing, tell: (line: string) => void): Promise<Place> {
    const guard = await startGuard()
    return new Place(guard, guard.makeFolder(join(tmpdir(), 'durabench-engine-')), timing, tell)
  }

  /** A new, empty folder. */
  folder(name: string): string {
    const folder = join(this.#root, `${++this.#folders}-${name.replaceAll('/', '-')}`)
    mkdirSync(folder)
    return folder
  }

  /** A Postgres of its own, with these settings beside those of every point; disposing it removes its data. */
  async store(settings: StoreSettings = {}, logs = this.folder('store')): Promise<RunningPostgres> {
    const store = await startPostgres({ folder: logs, guard: this.guard })
    try {
      for (const [name, value] of Object.entries(settings)) await query(store.url, `ALTER SYSTEM SET ${name} = ${value}`)
      if (Object.keys(settings).length > 0) await store.restart()
      return store
    } catch (error) {
      await store[Symbol.asyncDispose]()
      throw error
    }
  }

  /** What several rows need and one makes: the sweep that finds a baseline's best. */
  once<T>(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#shared.get(key) as Promise<T> | undefined
    if (known !== undefined) return known
    const making = make()
    this.#shared.set(key, making)
    return making
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.guard[Symbol.asyncDispose]()
  }
}
