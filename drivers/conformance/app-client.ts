// Speaks the intake protocol with one app, as the load process does, but for one call at a time and with a deadline each.
// A call's failure keeps its kind: Rejected, Unknown (also for a lost connection), or an Error for a driver's bug.
import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { Rejected, Unknown } from '../../contract/errors.ts'
import type { Outcome } from '../../contract/driver.ts'
import type { IntakeAnswer, IntakeRequest } from '../../contract/intake.ts'
import type { Json } from '../../contract/json.ts'

const callDeadlineMs = 20_000

type Waiting = { readonly resolve: (value: never) => void; readonly reject: (error: Error) => void }
// Distributes over the union, so that a request's tail keeps its shape.
type Unnumbered<R> = R extends readonly [number, ...infer Tail] ? Tail : never

export class AppClient {
  readonly #socket: Socket
  readonly #waiting = new Map<number, Waiting>()
  #next = 1
  #rest = ''

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => this.#receive(chunk))
    socket.on('error', () => undefined) // 'close' follows and fails what is open
    socket.on('close', () => {
      for (const [n] of this.#waiting) this.#fail(n, new Unknown('the connection to the app was lost'))
    })
  }

  static async connect(path: string): Promise<AppClient> {
    const socket = connect(path)
    await once(socket, 'connect')
    return new AppClient(socket)
  }

  get lost(): boolean {
    return this.#socket.destroyed || this.#socket.readableEnded
  }

  start(scenario: string, id: string, input: Json): Promise<'started' | 'existing'> {
    return this.#call(callDeadlineMs, ['start', scenario, id, input, 0])
  }

  signal(id: string, name: string, payload: Json, signalId: string): Promise<null> {
    return this.#call(callDeadlineMs, ['signal', id, name, { s: signalId, p: payload }, signalId])
  }

  cancel(id: string): Promise<null> {
    return this.#call(callDeadlineMs, ['cancel', id])
  }

  /** Waits for the end. */
  outcome(id: string, deadlineMs: number): Promise<Outcome> {
    return this.#call(deadlineMs, ['follow', id])
  }

  /** What is known now. */
  async now(id: string): Promise<Outcome> {
    return (await this.#call<Record<string, Outcome>>(callDeadlineMs, ['outcomes', [id]]))[id]!
  }

  close(): void {
    this.#socket.destroy()
  }

  #call<T>(deadlineMs: number, request: Unnumbered<IntakeRequest>): Promise<T> {
    const n = this.#next++
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    this.#waiting.set(n, { resolve, reject })
    const timer = setTimeout(() => this.#fail(n, new Unknown(`no answer to ${request[0]} ${String(request[1])} within ${deadlineMs} ms`)), deadlineMs)
    this.#socket.write(`${JSON.stringify([[n, ...request]])}\n`)
    return promise.finally(() => clearTimeout(timer))
  }

  #receive(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n')
    this.#rest = lines.pop()!
    for (const line of lines) for (const answer of JSON.parse(line) as IntakeAnswer[]) this.#settle(answer)
  }

  #settle([n, kind, value]: IntakeAnswer): void {
    if (kind === 'rejected') this.#fail(n, new Rejected(String(value)))
    else if (kind === 'unknown') this.#fail(n, new Unknown(String(value)))
    else if (kind === 'bug') this.#fail(n, new Error(String(value)))
    else {
      this.#waiting.get(n)?.resolve(value as never)
      this.#waiting.delete(n)
    }
  }

  #fail(n: number, error: Error): void {
    this.#waiting.get(n)?.reject(error)
    this.#waiting.delete(n)
  }
}
