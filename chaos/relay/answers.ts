// What the server answers, unit by unit, as far as it proves a fault: the commands' tags, the first row, an error, and whether
// a transaction stayed open.
import type { Message } from './framing.ts'

export interface Answer {
  /** `INSERT 0 1`, `COMMIT`, … in the order of the statements. */
  readonly tags: readonly string[]
  /** Columns as text, the first row only. */
  readonly row: readonly (string | null)[] | null
  /** SQLSTATE. */
  readonly error: string | null
  /** Of ReadyForQuery: idle, in a transaction, in a failed one. */
  readonly status: 'I' | 'T' | 'E'
}

const rowBytes = 256

/** For the framer of a server's stream. */
export function keepOfServer(type: string): number {
  return type === 'D' ? rowBytes : 'CEKZ'.includes(type) ? rowBytes : 0
}

export class Answers {
  /** The process that serves this connection; 0: not told yet. */
  backend = 0
  /** SQLSTATE of the last error. */
  lastError: string | null = null
  #tags: string[] = []
  #row: Answer['row'] = null
  #error: string | null = null

  /** Each message of the server in order; an answer at its ReadyForQuery. */
  take({ type, head }: Message): Answer | null {
    if (type === 'K') this.backend = head.readInt32BE(0)
    else if (type === 'C') this.#tags.push(head.toString('utf8').replace(/\0.*$/s, ''))
    else if (type === 'E') this.#error = this.lastError = sqlState(head)
    else if (type === 'D') this.#row ??= columnsOf(head)
    return type === 'Z' ? this.#end(String.fromCharCode(head[0]!) as Answer['status']) : null
  }

  #end(status: Answer['status']): Answer {
    const answer = { tags: this.#tags, row: this.#row, error: this.#error, status }
    this.#tags = []
    this.#row = null
    this.#error = null
    return answer
  }
}

/** For a person: `SELECT 1, row 1|0`. */
export function spoken({ tags, row, error }: Answer): string {
  return [...(error === null ? [] : [`error ${error}`]), ...tags, ...(row === null ? [] : [`row ${row.join('|')}`])].join(', ')
}

/** Did the transaction that this unit was to end end well? */
export function committed({ tags, error, status }: Answer): boolean {
  return error === null && status === 'I' && !tags.includes('ROLLBACK')
}

function sqlState(head: Buffer): string {
  return head.toString('utf8').split('\0').find((field) => field.startsWith('C'))?.slice(1) ?? '?'
}

function columnsOf(head: Buffer): (string | null)[] {
  const columns: (string | null)[] = []
  let at = 2
  for (let left = head.readInt16BE(0); left > 0 && at + 4 <= head.length; left--) {
    const length = head.readInt32BE(at)
    at += 4
    columns.push(length < 0 ? null : head.toString('utf8', at, at + length))
    at += Math.max(0, length)
  }
  return columns
}
