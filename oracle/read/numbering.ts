// Whether a numbered log is whole: numbers without a gap, and a last line that counts them. A log that is not whole can
// still show that something happened, never that something did not.
import type { FileReport, Log } from '../evidence.ts'

const complaintsCap = 5

export class Numbering {
  readonly #file: string
  readonly #log: Log
  readonly #damage: string[] = []
  readonly #infos: string[] = []
  #complaints = 0
  #last = 0
  #records = 0
  #ended = false

  constructor(file: string, log: Log) {
    this.#file = file
    this.#log = log
  }

  /** Every record passes here with its number, the `end` record too. */
  next(n: number): void {
    this.#records++
    if (n !== this.#last + 1) this.damaged(n === this.#last ? `number ${n} is there twice` : `number ${n} follows ${this.#last}: records are missing`)
    else if (this.#ended) this.damaged(`number ${n} follows the end`)
    this.#last = n
  }

  /** The `end` record says how many there are, itself included. */
  end(says: number): void {
    this.#ended = true
    if (says !== this.#records) this.damaged(`its end counts ${says} records, found ${this.#records}`)
  }

  damaged(what: string): void {
    if (++this.#complaints <= complaintsCap) this.#damage.push(what)
  }

  info(what: string): void {
    this.#infos.push(what)
  }

  get ended(): boolean {
    return this.#ended
  }

  report(): FileReport {
    if (this.#complaints > complaintsCap) this.#damage.push(`${this.#complaints - complaintsCap} more of the kind`)
    return { file: this.#file, log: this.#log, records: this.#records, damage: this.#damage, infos: this.#infos }
  }
}
