// The apps that a client may turn to: living ones in turn. When none lives a call waits for the first that comes back; what
// waits is not dropped, and its latency counts from its intended time all the same.
import { nowMs } from './clock.ts'
import { Connection, type Call } from './connection.ts'

/** So that an app that returns to a large backlog is not sent all of it in one tick. */
const wokenPerTick = 5_000
const connectionPollMs = 5

export class Apps {
  readonly #connections: readonly Connection[]
  readonly #sweep: NodeJS.Timeout
  #turn = 0
  #waiting: (() => void)[] = []

  constructor(paths: readonly string[], callDeadlineMs: number, broken: (error: Error) => void) {
    const events = { up: () => this.#wake(), broken }
    this.#connections = paths.map((path, slot) => new Connection(slot, path, events))
    this.#sweep = setInterval(() => this.#expire(nowMs() - callDeadlineMs, `no answer within ${callDeadlineMs} ms`), Math.min(50, callDeadlineMs / 4))
  }

  get count(): number {
    return this.#connections.length
  }

  /** Resolves when every app lives, or after `patienceMs`: a dead one is no reason not to begin. */
  async connected(patienceMs: number): Promise<void> {
    const untilMs = nowMs() + patienceMs
    while (nowMs() < untilMs && !this.#connections.every(({ living }) => living)) await new Promise((resolve) => setTimeout(resolve, connectionPollMs))
  }

  /** The next living app, another than `avoid` where there is one; null when none lives. */
  next(avoid = -1): Connection | null {
    let avoided: Connection | null = null
    for (let i = 0; i < this.count; i++) {
      this.#turn = (this.#turn + 1) % this.count
      const connection = this.#connections[this.#turn]!
      if (!connection.living) continue
      if (connection.slot !== avoid) return connection
      avoided = connection
    }
    return avoided
  }

  whenLiving(task: () => void): void {
    this.#waiting.push(task)
  }

  /** A bulk read: one promise for many runs. null: no app lives, or it did not answer in time, or could not. */
  async ask(body: string, avoid: number, timeoutMs: number): Promise<{ value: string; slot: number; atMs: number } | null> {
    const app = this.next(avoid)
    if (app === null) return null
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs, null)
      const settle = (answer: { value: string; slot: number; atMs: number } | null): void => {
        clearTimeout(timer)
        resolve(answer)
      }
      const call: Call = {
        sentMs: nowMs(),
        answer: (kind, value, atMs) => {
          settle(kind === 'ok' ? { value, slot: app.slot, atMs } : null)
          return false
        },
        failed: () => settle(null),
      }
      app.request(body, call, 'follow')
    })
  }

  /** Fails every call that still awaits its answer, and lets go of those that wait for an app. */
  abandon(why: string): void {
    this.#waiting = []
    this.#expire(Infinity, why)
  }

  close(): void {
    clearInterval(this.#sweep)
    for (const connection of this.#connections) connection.close()
  }

  #expire(sentMs: number, why: string): void {
    for (const connection of this.#connections) connection.expire(sentMs, why)
  }

  #wake(): void {
    const tasks = this.#waiting.splice(0, wokenPerTick)
    if (this.#waiting.length > 0) setImmediate(() => this.#wake())
    for (const task of tasks) task()
  }
}
