// What load talks to in its own tests: an engine in memory behind real sockets that speak the intake protocol, with the accidents
// that a real one has: an app that dies and comes back, one that never answers, one that rejects.
import { createServer, type Server, type Socket } from 'node:net'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome } from '../../contract/driver.ts'
import type { IntakeAnswer, IntakeRequest } from '../../contract/intake.ts'

export interface Accidents {
  /** How long a run takes. */
  readonly workMs: number
  /** Swallows the nth start call that arrives (from 1), as if the engine hung. */
  readonly swallow: (nthCall: number) => boolean
  readonly reject: (id: string, slot: number) => boolean
  /** Runs are known only to the app that started them. */
  readonly volatile: boolean
}

type Followers = Set<(outcome: Outcome) => void>
interface Run { readonly slot: number; outcome: Outcome; readonly followers: Followers }

export class Engine {
  readonly starts: { slot: number; id: string; input: unknown; follow: number }[] = []
  readonly signals: { slot: number; id: string; signalId: string; payload: unknown }[] = []
  readonly cancels: { slot: number; id: string }[] = []
  readonly runs = new Map<string, Run>()
  readonly accidents: Accidents

  constructor(accidents: Partial<Accidents> = {}) {
    this.accidents = { workMs: 1, swallow: () => false, reject: () => false, volatile: false, ...accidents }
  }

  /** The run, if that app may know it. */
  known(slot: number, id: string): Run | undefined {
    const run = this.runs.get(id)
    return run && (!this.accidents.volatile || run.slot === slot) ? run : undefined
  }

  start(slot: number, id: string): 'started' | 'existing' {
    if (this.runs.has(id)) return 'existing'
    const run: Run = { slot, outcome: { status: 'running' }, followers: new Set() }
    this.runs.set(id, run)
    setTimeout(() => this.#end(run, { status: 'completed', output: { value: `done "${id}" \\`, trace: [this.runs.size] } }), this.accidents.workMs)
    return 'started'
  }

  /** False: it had ended. */
  cancel(run: Run): boolean {
    if (run.outcome.status !== 'running') return false
    this.#end(run, { status: 'cancelled' })
    return true
  }

  #end(run: Run, outcome: Outcome): void {
    if (run.outcome.status !== 'running') return
    run.outcome = outcome
    for (const tell of run.followers) tell(outcome)
  }
}

export class App {
  readonly socketPath: string
  readonly #engine: Engine
  readonly #slot: number
  readonly #sockets = new Set<Socket>()
  #server: Server | null = null

  constructor(engine: Engine, slot: number, folder: string) {
    this.#engine = engine
    this.#slot = slot
    this.socketPath = join(folder, `app${slot}.sock`)
  }

  async live(): Promise<void> {
    const server = createServer((socket) => this.#converse(socket))
    this.#server = server
    await new Promise<void>((resolve) => server.listen(this.socketPath, resolve))
  }

  /** As a kill does it: connections end without a word. */
  async die(): Promise<void> {
    const closed = new Promise((resolve) => this.#server!.close(resolve))
    for (const socket of this.#sockets) socket.destroy()
    await closed
    rmSync(this.socketPath, { force: true })
  }

  #converse(socket: Socket): void {
    let rest = ''
    const say = (message: IntakeAnswer): void => { if (!socket.destroyed) socket.write(`${JSON.stringify([message])}\n`) }
    this.#sockets.add(socket)
    socket.setEncoding('utf8')
    socket.on('error', () => undefined)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop()!
      for (const line of lines) for (const request of JSON.parse(line) as IntakeRequest[]) this.#handle(request, say)
    })
  }

  #handle(request: IntakeRequest, say: (message: IntakeAnswer) => void): void {
    const engine = this.#engine
    if (request[1] === 'start') {
      const [n, , , id, input, follow] = request
      engine.starts.push({ slot: this.#slot, id, input, follow })
      if (engine.accidents.swallow(engine.starts.length)) return
      if (engine.accidents.reject(id, this.#slot)) return say([n, 'rejected', 'not today'])
      say([n, 'ok', engine.start(this.#slot, id)])
      if (follow) this.#follow(n, id, say)
    } else if (request[1] === 'signal') {
      const [n, , id, , payload, signalId] = request
      if (!engine.known(this.#slot, id)) return say([n, 'rejected', 'no such run'])
      engine.signals.push({ slot: this.#slot, id, signalId, payload })
      say([n, 'ok', null])
    } else if (request[1] === 'cancel') {
      const [n, , id] = request
      const run = engine.known(this.#slot, id)
      if (run === undefined || !engine.cancel(run)) return say([n, 'rejected', 'no such run, or it has ended'])
      engine.cancels.push({ slot: this.#slot, id })
      say([n, 'ok', null])
    } else if (request[1] === 'follow') this.#follow(request[0], request[2], say)
    else if (request[1] === 'outcomes') {
      say([request[0], 'ok', Object.fromEntries(request[2].map((id) => [id, engine.known(this.#slot, id)?.outcome ?? { status: 'absent' }]))])
    }
  }

  #follow(n: number, id: string, say: (message: IntakeAnswer) => void): void {
    const run = this.#engine.known(this.#slot, id)
    if (run === undefined) say([n, 'outcome', { status: 'absent' }])
    else if (run.outcome.status !== 'running') say([n, 'outcome', run.outcome])
    else run.followers.add((outcome) => say([n, 'outcome', outcome]))
  }
}
