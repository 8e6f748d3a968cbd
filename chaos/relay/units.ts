// What a client asks for, unit by unit: a simple query, or extended messages up to Sync; each has one ReadyForQuery as its
// end. Tells which unit ends a transaction that wrote. Trade-off: it reads statements' texts, so a SELECT of a function that
// writes is taken for a read; no engine here commits that way.
import type { Message } from './framing.ts'

export interface Unit {
  /** The name of its last statement, or the beginning of its text. */
  readonly label: string
  /** It wrote rows, as its own transaction or within a larger one. */
  readonly writes: boolean
  /** Its end is the end of a transaction that wrote. */
  readonly commits: boolean
}

/** Enough for a statement; the parameters, which may be large, are in other bytes of Bind. */
const textBytes = 64 * 1024
const nameBytes = 256
const labelChars = 40

/** For the framer of a client's stream. */
export function keepOfClient(type: string): number {
  return type === 'Q' || type === 'P' ? textBytes : type === 'B' ? 2 * nameBytes : 0
}

export class Units {
  readonly #statements = new Map<string, string>()
  /** A transaction that is open, once everything sent so far has been carried out. */
  #open: { wrote: boolean } | null = null
  #label = ''
  #writes = false
  #commits = false

  /** Each message of the client in order; a unit when the message is its last one. */
  take({ type, head }: Message): Unit | null {
    if (type === 'P') {
      const [name, text] = strings(head)
      this.#statements.set(name!, text!)
    } else if (type === 'B') {
      const name = strings(head)[1]!
      this.#run(this.#statements.get(name) ?? '', name)
    } else if (type === 'Q') {
      for (const text of strings(head)[0]!.split(';')) if (text.trim() !== '') this.#run(text, '')
    }
    return type === 'Q' || type === 'S' || type === 'F' ? this.#end() : null
  }

  #run(text: string, name: string): void {
    const bare = text.replace(/^(\s|--[^\n]*\n|\/\*[^]*?\*\/)+/, '')
    const verb = /^\w+/.exec(bare)?.[0].toLowerCase() ?? ''
    this.#label = name === '' ? bare.slice(0, labelChars) : name
    if (verb === 'begin' || verb === 'start') this.#open = { wrote: false }
    else if (verb === 'commit' || verb === 'end') this.#commit()
    else if (verb === 'abort' || (verb === 'rollback' && !/^rollback\s+(work\s+|transaction\s+)?to\b/i.test(bare))) this.#open = null
    else if (isWrite(verb, bare)) this.#write()
  }

  #commit(): void {
    if (this.#open?.wrote === true) this.#commits = true
    this.#open = null
  }

  #write(): void {
    this.#writes = true
    if (this.#open === null) this.#commits = true
    else this.#open.wrote = true
  }

  #end(): Unit {
    const unit = { label: this.#label, writes: this.#writes, commits: this.#commits }
    this.#label = ''
    this.#writes = this.#commits = false
    return unit
  }
}

function isWrite(verb: string, text: string): boolean {
  return ['insert', 'update', 'delete', 'merge'].includes(verb) || (verb === 'with' && /\b(insert\s+into|update|delete\s+from|merge\s+into)\b/i.test(text))
}

/** The strings that end with a zero byte at the head's beginning; one that was cut off is the last. */
function strings(head: Buffer): string[] {
  return head.toString('utf8').split('\0')
}
