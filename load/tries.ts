// What a client still waits to be told: starts, signals and cancels without a yes or no. A call that stays unknown is tried again with
// the same id, ever more slowly, until it is answered or the drain is over.

const firstRetryMs = 50
const longestRetryMs = 1_000
const bugsKept = 10

export class Tries {
  /** Driver's bugs: answers that were neither ok, Rejected nor Unknown. */
  readonly bugs: string[] = []
  #open = 0
  #over = false

  get open(): number {
    return this.#open
  }

  /** No call is made any more; what is open stays unknown. */
  get over(): boolean {
    return this.#over
  }

  begin(): void {
    this.#open++
  }

  end(): void {
    this.#open--
  }

  again(attempt: number, task: () => void): void {
    if (this.#over) return
    setTimeout(() => { if (!this.#over) task() }, Math.min(firstRetryMs * 2 ** attempt, longestRetryMs))
  }

  /** Returns the text for the history, where a bug is an unknown. */
  bug(message: string): string {
    if (this.bugs.length < bugsKept && !this.bugs.includes(message)) this.bugs.push(message)
    return `bug of the driver: ${message}`
  }

  stop(): void {
    this.#over = true
  }
}
