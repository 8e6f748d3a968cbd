// H, what clients did: history.jsonl, one template per kind of line, because serialising objects would cost more than all the
// rest of a start. Lines leave in large asynchronous writes, so that a slow disk delays evidence, never arrivals.
// Trade-off: a load process that is killed loses at most flushMs of lines.
import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { timeText } from './clock.ts'

const flushMs = 100
/** Lines are joined as text, then encoded: pieces of text that live longer make the garbage collector copy them. */
const encodedChars = 1 << 14
const writtenBytes = 1 << 20
/** A disk that is this far behind will not catch up, and memory ends. */
const backlogBytes = 400_000_000

export class History {
  readonly #file: FileHandle
  readonly #failed: (why: string) => void
  readonly #timer: NodeJS.Timeout
  #lines = 0
  #text = ''
  #encoded: Buffer[] = []
  #encodedBytes = 0
  #writing: Promise<void> | null = null

  private constructor(file: FileHandle, failed: (why: string) => void) {
    this.#file = file
    this.#failed = failed
    this.#timer = setInterval(() => void this.#flush(), flushMs)
  }

  /** `failed` hears why evidence could not be written; the point is then worthless. */
  static async create(folder: string, failed: (why: string) => void): Promise<History> {
    const path = join(folder, 'history.jsonl')
    const file = await open(path, 'wx').catch((error: Error) => {
      throw new Error(`expected to create ${path}, found ${error.message}; give each point a folder of its own`)
    })
    return new History(file, failed)
  }

  /** `id`, `scenario` and `phase` are JSON already, like `input`. Returns the line's number, by which its answer names it. */
  invokeStart(atMs: number, id: string, scenario: string, input: string, app: number, intendedMs: number, phase: string): number {
    const at = timeText(atMs)
    return this.#line(at, `"ph":"invoke","op":"start","id":${id},"scenario":${scenario},"input":${input},"app":${app},"intended":${timeText(intendedMs)},"phase":${phase}`)
  }

  invokeSignal(atMs: number, id: string, signalId: string, name: string, app: number): number {
    return this.#line(timeText(atMs), `"ph":"invoke","op":"signal","id":${id},"signalId":${signalId},"name":${name},"app":${app}`)
  }

  invokeCancel(atMs: number, id: string, app: number): number {
    return this.#line(timeText(atMs), `"ph":"invoke","op":"cancel","id":${id},"app":${app}`)
  }

  /** `how` is the app's JSON: "started" or "existing". */
  startOk(atMs: number, call: number, id: string, how: string): void {
    this.#line(timeText(atMs), `"ph":"ok","call":${call},"op":"start","id":${id},"how":${how}`)
  }

  messageOk(atMs: number, op: 'signal' | 'cancel', call: number, id: string): void {
    this.#line(timeText(atMs), `"ph":"ok","call":${call},"op":"${op}","id":${id}`)
  }

  notOk(atMs: number, ph: 'fail' | 'info', op: 'start' | 'signal' | 'cancel', call: number, id: string, error: string): void {
    this.#line(timeText(atMs), `"ph":"${ph}","call":${call},"op":"${op}","id":${id},"error":${JSON.stringify(error)}`)
  }

  /** `outcome` is the app's own text: nothing of the evidence is lost by parsing and writing it again. */
  seen(atMs: number, id: string, reader: string, outcome: string): void {
    this.#line(timeText(atMs), `"ph":"seen","id":${id},"reader":"${reader}","outcome":${outcome}`)
  }

  phase(atMs: number, name: string, edge: 'begin' | 'end'): void {
    this.#line(timeText(atMs), `"ph":"phase","name":${name},"edge":"${edge}"`)
  }

  /** Writes the `end` line, which counts all lines, itself included. */
  async close(atMs: number): Promise<void> {
    clearInterval(this.#timer)
    this.#line(timeText(atMs), `"ph":"end","lines":${this.#lines + 1}`)
    while (this.#text !== '' || this.#encoded.length > 0 || this.#writing !== null) await this.#flush()
    await this.#file.close()
  }

  #line(at: string, rest: string): number {
    this.#text += `{"t":${at},"n":${++this.#lines},${rest}}\n`
    if (this.#text.length > encodedChars) this.#encode()
    return this.#lines
  }

  #encode(): void {
    const bytes = Buffer.from(this.#text)
    this.#text = ''
    this.#encoded.push(bytes)
    this.#encodedBytes += bytes.length
    if (this.#encodedBytes > writtenBytes && this.#writing === null) void this.#flush()
    else if (this.#encodedBytes > backlogBytes) this.#failed(`the disk is ${backlogBytes} bytes of history behind; use a faster one or a lower rate`)
  }

  #flush(): Promise<void> {
    if (this.#writing !== null) return this.#writing
    if (this.#text !== '') {
      this.#encoded.push(Buffer.from(this.#text))
      this.#text = ''
    }
    if (this.#encoded.length === 0) return Promise.resolve()
    const bytes = Buffer.concat(this.#encoded)
    this.#encoded = []
    this.#encodedBytes = 0
    this.#writing = this.#append(bytes).then(
      () => { this.#writing = null },
      (error: Error) => this.#failed(`expected to append to history.jsonl, found ${error.message}; free the disk and run the point again`),
    )
    return this.#writing
  }
  /** Not writeFile: that comes back to this thread for every half megabyte, and a busy thread then writes too slowly. */
  async #append(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length;) at += (await this.#file.write(bytes, at)).bytesWritten
  }
}
