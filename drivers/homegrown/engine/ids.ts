// Numbers for new runs, from blocks of the store's sequence: the next block is fetched long before the last is used up.
import { persist, sqlState, type Link } from './link.ts'
import { blockSize } from './migrations/blocks.ts'

/** The number has no partition: it was dropped as old before the number was used. */
export function isHomeless(error: unknown): boolean {
  return sqlState(error) === '23514'
}

export class Ids {
  readonly #link: Link
  readonly #schema: string
  #next = 0
  #end = 0
  #spare: number | null = null
  #fetching: Promise<void> | null = null

  constructor(link: Link, schema: string) {
    this.#link = link
    this.#schema = schema
  }

  /** Fetches the first block, so that the first start does not wait for it. */
  async warm(): Promise<void> {
    if (this.#spare === null) await this.#fetch()
  }

  /** A number, or a promise when the store has to be asked first. */
  next(): number | Promise<number> {
    if (this.#next === this.#end) {
      if (this.#spare === null) return this.#fetch().then(() => this.next())
      this.#next = this.#spare
      this.#end = this.#spare + blockSize
      this.#spare = null
    }
    if (this.#spare === null && this.#end - this.#next < blockSize / 2) void this.#fetch().catch(() => undefined)
    return this.#next++
  }

  /** Its partition was dropped as old, while its block lay here unused: the block is given up. */
  discard(wf: number): void {
    if (wf >= this.#end - blockSize && wf < this.#end) this.#next = this.#end
  }

  #fetch(): Promise<void> {
    return (this.#fetching ??= persist(() => this.#link.query({ text: `SELECT ${this.#schema}.take_block()` }))
      .then(({ rows: [row] }) => void (this.#spare = Number(row![0])))
      .finally(() => (this.#fetching = null)))
  }
}
