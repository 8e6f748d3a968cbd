// One client's connection and its twin to the server. What nobody wants to hit is passed on as it comes, in the chunks in which
// it came; only while a strike is armed is a unit held until it is whole, so that it can be stopped before its first byte goes.
import { connect, type Socket } from 'node:net'
import { Answers, keepOfServer, type Answer } from './answers.ts'
import { Framer } from './framing.ts'
import { readOpening } from './opening.ts'
import type { Peer, Stopped } from './peer.ts'
import { keepOfClient, Units, type Unit } from './units.ts'

export interface Hooks {
  /** Might its next unit be hit? */
  wants(peer: Peer): boolean
  /** true: it was taken over, and is not passed on. */
  stops(stopped: Stopped): boolean
  nextNumber(): number
  closed(session: Session): void
}

/** Messages that belong to no unit, or (Flush) want an answer before its end. */
const apart = 'pXdcfH'

export class Session implements Peer {
  application = ''
  lastCommit = 0
  readonly port: number
  readonly serverClosed: Promise<string | null>
  readonly #client: Socket
  readonly #clientClosed: Promise<unknown>
  readonly #server: Socket
  readonly #hooks: Hooks
  readonly #units = new Units()
  readonly #answers = new Answers()
  readonly #fromClient = new Framer(keepOfClient)
  readonly #fromServer = new Framer(keepOfServer)
  #opening: Buffer | null = Buffer.alloc(0)
  /** The start of a session has a ReadyForQuery of its own. */
  #unanswered = 1
  #greeted = false
  #atStart = true
  #held: Buffer[] | null = null
  /** The server has closed. */
  #over = false
  #stopped = false
  #swallowed: Buffer[] | null = null
  #waiting: ((answer: Answer) => void) | null = null
  readonly #settled: (() => void)[] = []

  constructor(client: Socket, target: { readonly host: string; readonly port: number }, hooks: Hooks) {
    this.#client = client
    this.#server = connect(target)
    this.#hooks = hooks
    this.port = client.remotePort ?? 0
    const closed = Promise.withResolvers<string | null>()
    this.serverClosed = closed.promise
    for (const socket of [client, this.#server]) socket.setNoDelay(true).on('error', () => socket.destroy())
    this.#clientClosed = new Promise((resolve) => client.once('close', resolve))
    client.on('data', (chunk) => this.#clientSays(chunk)).on('close', () => {
      if (!this.#stopped) this.#endServer()
    })
    this.#server.on('data', (chunk) => this.#serverSays(chunk)).on('close', () => {
      closed.resolve(this.#answers.lastError)
      // Read on to the client's end: a socket that was held would never close, with what nobody hears any more in it.
      this.#over = true
      client.end()
      client.resume()
      hooks.closed(this)
    })
  }

  get backend(): number {
    return this.#answers.backend
  }

  /** In the hands of a strike. */
  get isStopped(): boolean {
    return this.#stopped
  }

  destroy(): void {
    this.#client.destroy()
    this.#server.destroy()
  }

  #clientSays(chunk: Buffer): void {
    if (this.#over) return
    if (this.#opening !== null) return this.#opens(chunk)
    let clear = 0
    for (let at = 0; at < chunk.length;) {
      if (this.#atStart) {
        this.#atStart = false
        if (this.#greeted && this.#hooks.wants(this)) {
          this.#forward(chunk.subarray(clear, at))
          clear = at
          this.#held = []
        }
      }
      const message = this.#fromClient.read(chunk, at)
      at = this.#fromClient.at
      if (message === null) break
      const unit = this.#units.take(message)
      if (apart.includes(message.type)) {
        this.#letHeldGo()
        this.#atStart = message.type !== 'H'
      }
      if (unit === null) continue
      this.#atStart = true
      if (unit.commits) this.lastCommit = this.#hooks.nextNumber()
      if (this.#held !== null) {
        this.#held.push(chunk.subarray(clear, at))
        clear = at
        if (this.#stops(unit, chunk.subarray(at))) return
        this.#letHeldGo()
      }
      this.#unanswered++
    }
    if (this.#held === null) this.#forward(chunk.subarray(clear))
    else this.#held.push(chunk.subarray(clear))
  }

  #opens(chunk: Buffer): void {
    const opened = readOr(() => readOpening(Buffer.concat([this.#opening!, chunk])))
    if (opened instanceof Error) return this.destroy()
    if (opened === null) return void (this.#opening = Buffer.concat([this.#opening!, chunk]))
    const { opening, packet, rest } = opened
    this.#opening = opening.kind === 'encryption' ? Buffer.alloc(0) : null
    if (opening.kind === 'encryption') this.#client.write('N')
    else this.#forward(packet)
    if (opening.kind === 'startup') this.application = opening.application
    if (rest.length > 0) this.#clientSays(rest)
  }

  #serverSays(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; at = this.#fromServer.at) {
      const message = this.#fromServer.read(chunk, at)
      const answer = message === null ? null : this.#answers.take(message)
      if (answer === null) continue
      this.#greeted = true
      this.#waiting?.(answer)
      if (--this.#unanswered === 0) for (const told of this.#settled.splice(0)) told()
    }
    if (this.#swallowed !== null) this.#swallowed.push(chunk)
    else if (!this.#client.destroyed && !this.#client.write(chunk)) held(this.#server, this.#client)
  }

  #forward(bytes: Buffer): void {
    if (bytes.length > 0 && !this.#server.destroyed && !this.#server.write(bytes)) held(this.#client, this.#server, () => !this.#stopped)
  }

  #letHeldGo(): void {
    for (const bytes of this.#held ?? []) this.#forward(bytes)
    this.#held = null
  }

  #stops(unit: Unit, rest: Buffer): boolean {
    const bytes = Buffer.concat(this.#held!)
    this.#stopped = true
    if (!this.#hooks.stops(this.#stop(unit, bytes))) {
      this.#stopped = false
      return false
    }
    this.#held = null
    this.#client.pause()
    if (rest.length > 0) this.#client.unshift(rest)
    return true
  }

  #stop(unit: Unit, bytes: Buffer): Stopped {
    const clientGone = this.#clientClosed.then((): never => {
      throw new Error('the client is gone')
    })
    const serverGone = this.serverClosed.then((error): never => {
      throw new Error(`the server closed the connection${error === null ? '' : ` with ${error}`}`)
    })
    for (const gone of [clientGone, serverGone]) gone.catch(() => undefined)
    return {
      peer: this, unit, bytes,
      before: () => Promise.race([clientGone, serverGone, this.#unanswered === 0 ? Promise.resolve() : new Promise<void>((resolve) => this.#settled.push(resolve))]),
      deliver: (part) => Promise.race([serverGone, new Promise<void>((resolve, reject) => {
        this.#swallowed = []
        this.#unanswered++
        this.#server.write(part, (error) => (error ? reject(error) : resolve()))
      })]),
      answer: () => Promise.race([serverGone, new Promise<Answer>((resolve) => (this.#waiting = resolve))]),
      cutClient: () => void this.#client.destroy(),
      cutServer: () => {
        this.#endServer()
        return this.serverClosed
      },
      letGo: () => this.#goOn(),
    }
  }

  #goOn(): void {
    this.#stopped = false
    this.#waiting = null
    for (const bytes of this.#swallowed?.splice(0) ?? []) this.#client.write(bytes)
    this.#swallowed = null
    if (this.#client.destroyed) this.#endServer()
    else this.#client.resume()
  }

  /** It may be waiting for a client that is gone to take what it was given. */
  #endServer(): void {
    this.#server.end()
    this.#server.resume()
  }
}

/** Stops reading from one side until the other has taken what it was given. */
function held(from: Socket, to: Socket, mayGoOn: () => boolean = () => true): void {
  from.pause()
  // Several messages of one read may find it full; they wait for the same moment.
  if (to.listenerCount('drain') > 0) return
  to.once('drain', () => {
    if (mayGoOn()) from.resume()
  })
}

function readOr<T>(read: () => T): T | Error {
  try {
    return read()
  } catch (error) {
    return error as Error
  }
}
