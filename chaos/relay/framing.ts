// Finds the messages in a stream of Postgres' protocol: a letter, a length, a body. Trade-off: of a body only as many bytes are
// kept as somebody asks for, so that a batch of a megabyte costs a look at its header and no copy.
const headerBytes = 5

export interface Message {
  /** Its letter. */
  readonly type: string
  /** The first bytes of its body. */
  readonly head: Buffer
}

export class Framer {
  readonly #keep: (type: string) => number
  readonly #header = Buffer.alloc(headerBytes)
  #headerHas = 0
  #left = 0
  #wanted = 0
  #kept: Buffer[] = []
  #at = 0

  /** `keep`: how many bytes of the body of such a message are of interest. */
  constructor(keep: (type: string) => number) {
    this.#keep = keep
  }

  /** Where in the chunk the last read ended. */
  get at(): number {
    return this.#at
  }

  /** Goes on from `from`; null: the chunk ends before the message does. */
  read(chunk: Buffer, from: number): Message | null {
    this.#at = from
    if (this.#headerHas < headerBytes && !this.#readHeader(chunk)) return null
    const here = Math.min(this.#left, chunk.length - this.#at)
    if (this.#wanted > 0 && here > 0) {
      const head = chunk.subarray(this.#at, this.#at + Math.min(here, this.#wanted))
      this.#kept.push(head)
      this.#wanted -= head.length
    }
    this.#at += here
    this.#left -= here
    if (this.#left > 0) return null
    this.#headerHas = 0
    return { type: this.#type, head: this.#kept.length === 1 ? this.#kept[0]! : Buffer.concat(this.#kept) }
  }

  get #type(): string {
    return String.fromCharCode(this.#header[0]!)
  }

  #readHeader(chunk: Buffer): boolean {
    const copied = chunk.copy(this.#header, this.#headerHas, this.#at, this.#at + headerBytes - this.#headerHas)
    this.#headerHas += copied
    this.#at += copied
    if (this.#headerHas < headerBytes) return false
    // The length counts itself.
    this.#left = this.#header.readInt32BE(1) - 4
    this.#wanted = this.#keep(this.#type)
    this.#kept = []
    return true
  }
}
