// One app as load sees it: a socket that is written once a tick, the calls that are open on it, and reconnection. When the
// connection is lost every open call fails at once, since nobody can tell any more whether it happened.
// Trade-off: a call that passed its deadline is forgotten; a late answer is dropped, as its retry will bring another.
import { connect, type Socket } from 'node:net'
import { nowMs } from './clock.ts'
import { scanAnswers, type AnswerKind } from './answers.ts'

export interface Call {
  readonly sentMs: number
  /** True: more is to come (a followed start's outcome), and no deadline holds for that. */
  answer(kind: AnswerKind, value: string, atMs: number): boolean
  /** The connection was lost, or the deadline passed. */
  failed(why: string, atMs: number): void
}

export interface ConnectionEvents {
  up(slot: number): void
  /** The app speaks another protocol: a bug of ours, so the point can't go on. */
  broken(error: Error): void
}

const firstBackoffMs = 20
const longestBackoffMs = 200
/** A larger line leaves before the tick ends, so that the app works while load still writes. */
const lineChars = 1 << 16

export class Connection {
  readonly slot: number
  readonly #path: string
  readonly #events: ConnectionEvents
  readonly #flush = (): void => this.#send()
  /** In the order of sending, so the oldest come first. */
  readonly #awaited = new Map<number, Call>()
  readonly #following = new Map<number, Call>()
  #socket: Socket | null = null
  #living = false
  #closed = false
  #backoffMs = firstBackoffMs
  #calls = 0
  #line = ''
  #partial: Buffer[] = []
  #atMs = 0

  constructor(slot: number, path: string, events: ConnectionEvents) {
    this.slot = slot
    this.#path = path
    this.#events = events
    this.#connect()
  }

  get living(): boolean {
    return this.#living
  }

  /** `body`: a request's text after its number, e.g. `"cancel","id"`. follow: there is one answer, when the run ends. */
  request(body: string, call: Call, kind: 'call' | 'follow' = 'call'): void {
    const n = ++this.#calls
    if (kind === 'call') this.#awaited.set(n, call)
    else this.#following.set(n, call)
    if (this.#line === '') {
      process.nextTick(this.#flush)
      this.#line = `[[${n},${body}]`
    } else {
      this.#line += `,[${n},${body}]`
      if (this.#line.length > lineChars) this.#send()
    }
  }

  /** Fails the calls that were sent before `sentMs`. */
  expire(sentMs: number, why: string): void {
    for (const [n, call] of this.#awaited) {
      if (call.sentMs >= sentMs) break
      this.#awaited.delete(n)
      call.failed(why, nowMs())
    }
  }

  close(): void {
    this.#closed = true
    this.#socket?.destroy()
  }

  #connect(): void {
    if (this.#closed) return
    const socket = connect(this.#path)
    this.#socket = socket
    socket.on('connect', () => {
      this.#living = true
      this.#backoffMs = firstBackoffMs
      this.#events.up(this.slot)
    })
    socket.on('data', (chunk) => this.#receive(chunk))
    // 'close' follows with the same meaning, so the error itself says nothing new.
    socket.on('error', () => undefined)
    socket.on('close', () => this.#lost())
  }

  #send(): void {
    if (this.#line === '') return
    if (this.#living) this.#socket!.write(`${this.#line}]\n`)
    this.#line = ''
  }

  #receive(chunk: Buffer): void {
    this.#atMs = nowMs()
    let begin = 0
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, begin)) {
      this.#partial.push(chunk.subarray(begin, end))
      const line = this.#partial.length === 1 ? this.#partial[0]! : Buffer.concat(this.#partial)
      this.#partial = []
      begin = end + 1
      try {
        scanAnswers(line.toString(), this.#answer)
      } catch (error) {
        this.#events.broken(error as Error)
      }
    }
    if (begin < chunk.length) this.#partial.push(chunk.subarray(begin))
  }

  readonly #answer = (n: number, kind: AnswerKind, value: string): void => {
    const awaited = this.#awaited.get(n)
    if (awaited !== undefined) {
      this.#awaited.delete(n)
      if (awaited.answer(kind, value, this.#atMs)) this.#following.set(n, awaited)
      return
    }
    const following = this.#following.get(n)
    if (following === undefined) return
    this.#following.delete(n)
    following.answer(kind, value, this.#atMs)
  }

  #lost(): void {
    const atMs = nowMs()
    const open = [...this.#awaited.values(), ...this.#following.values()]
    this.#living = false
    this.#line = ''
    this.#partial = []
    this.#awaited.clear()
    this.#following.clear()
    for (const call of open) call.failed('the connection to the app was lost', atMs)
    setTimeout(() => this.#connect(), this.#backoffMs)
    this.#backoffMs = Math.min(this.#backoffMs * 2, longestBackoffMs)
  }
}
