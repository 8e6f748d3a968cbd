// Plays a plan through a real load process, as the harness does, and hands back what it reported and wrote.
import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { HistoryLine } from '../../contract/logs.ts'
import type { LoadPhase, LoadPlan } from '../../contract/plan.ts'
import type { Begin, FromLoad, ToLoad } from '../protocol.ts'
import { App, type Engine } from './engine.ts'

export const openAt = (perSecond: number, seconds: number): LoadPhase => ({ name: 'open', kind: 'open', rate: { perSecond }, seconds, warmupSeconds: 0 })

type Message<T extends FromLoad['type']> = Extract<FromLoad, { type: T }>

export class LoadUnderTest implements AsyncDisposable {
  readonly apps: readonly App[]
  readonly messages: FromLoad[] = []
  readonly #folder: string
  readonly #child: ChildProcess
  readonly #exited: Promise<number | null>
  readonly #waiting = new Set<() => void>()

  private constructor(folder: string, apps: readonly App[]) {
    this.#folder = folder
    this.apps = apps
    this.#child = fork(fileURLToPath(import.meta.resolve('../main.ts')))
    this.#exited = new Promise((resolve) => this.#child.on('exit', (code) => resolve(code)))
    this.#child.on('message', (message: FromLoad) => {
      this.messages.push(message)
      for (const check of this.#waiting) check()
    })
  }

  static async begin(engine: Engine, phases: readonly LoadPhase[], options: Partial<LoadPlan> & Partial<Begin> & { appCount?: number } = {}): Promise<LoadUnderTest> {
    const { appCount = 1, followedShare = 1, doubledShare = 0, callDeadlineMs = 2_000, ...begin } = options
    const folder = mkdtempSync(join(tmpdir(), 'durabench-load-'))
    const apps = Array.from({ length: appCount }, (_, slot) => new App(engine, slot, folder))
    await Promise.all(apps.map((app) => app.live()))
    const load = new LoadUnderTest(folder, apps)
    load.tell({
      type: 'begin', seed: 7, runId: 'test', scenario: 'bare-steps', params: { steps: 1 }, ...begin,
      plan: { phases, followedShare, doubledShare, callDeadlineMs }, folder, apps: apps.map(({ socketPath }) => socketPath),
    })
    return load
  }

  tell(message: ToLoad): void {
    this.#child.send(message)
  }

  /** The first message of that type that fits, past or to come. */
  async told<T extends FromLoad['type']>(type: T, fits: (message: Message<T>) => boolean = () => true): Promise<Message<T>> {
    const find = (): Message<T> | undefined => this.messages.find((m): m is Message<T> => m.type === type && fits(m as Message<T>))
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const found = find()
        const fatal = this.messages.find((m): m is Message<'fatal'> => m.type === 'fatal')
        if (found) resolve(found)
        else if (fatal) reject(new Error(fatal.message))
        if (found ?? fatal) this.#waiting.delete(check)
      }
      this.#waiting.add(check)
      check()
    })
  }

  /** Waits for the phases, and until followers have told every end: a drain may be told of one before them. */
  async followed(): Promise<void> {
    const over = this.messages.indexOf(await this.told('phases-over'))
    await this.told('progress', (progress) => progress.inFlight === 0 && this.messages.indexOf(progress) > over)
  }

  /** Waits for the phases, drains, finishes. */
  async end(drainMs = 5_000): Promise<{ left: number; done: Message<'done'>; history: HistoryLine[] }> {
    await this.told('phases-over')
    this.tell({ type: 'drain', deadlineMs: drainMs })
    const { left } = await this.told('drained')
    return { left, ...await this.finish() }
  }

  async finish(): Promise<{ done: Message<'done'>; history: HistoryLine[] }> {
    this.tell({ type: 'finish' })
    const done = await this.told('done')
    await this.#exited
    return { done, history: this.history() }
  }

  history(): HistoryLine[] {
    return readFileSync(join(this.#folder, 'history.jsonl'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as HistoryLine)
  }

  /** The harness is gone: its end of the channel closes. */
  abandon(): Promise<number | null> {
    this.#child.disconnect()
    return this.#exited
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#exited
    await Promise.all(this.apps.map((app) => app.die()))
    rmSync(this.#folder, { recursive: true })
  }
}
