// Whether a run does nothing but wait: then it may leave memory, and come back when what it waits for is there. Counted by
// operation, since branches may wait for children beside others that work.

/** All that the store needs to know to bring a run back. */
export interface Idle {
  /** For people, and for whoever sends: 'signal <name>', 'timer' or 'child'. */
  readonly awaits: string
  /** The operation whose timer ends the wait; null: none does. */
  readonly timerSeq: number | null
  readonly children: readonly string[]
}

export class Idleness {
  readonly #run: { becameIdle(): void }
  #children: Set<string> | null = null
  #wait: { awaits: string; timerSeq: number | null } | null = null
  #working = 0
  /** Tells one idle time from the next. */
  stamp = 0

  constructor(run: { becameIdle(): void }) {
    this.#run = run
  }

  get idle(): Idle | null {
    if (this.#working > 0) return null
    if (this.#wait !== null) return { ...this.#wait, children: [] }
    return this.#children !== null && this.#children.size > 0 ? { awaits: 'child', timerSeq: null, children: [...this.#children] } : null
  }

  /** An operation is under way, until `end`. */
  begin(): void {
    this.#working++
  }

  end(): void {
    if (--this.#working === 0 && this.#children !== null) this.#look()
  }

  /** The part of an operation in which it only waits for a message or a timer. */
  async waiting<T>(awaits: string, timerSeq: number | null, wait: Promise<T>): Promise<T> {
    this.#wait = { awaits, timerSeq }
    this.#working--
    this.#look()
    try {
      return await wait
    } finally {
      this.#working++
      this.#wait = null
    }
  }

  /** The part of an operation in which it only waits for a child. */
  async expecting<T>(child: string, end: Promise<T>): Promise<T> {
    this.#children ??= new Set()
    this.#children.add(child)
    this.#working--
    this.#look()
    try {
      return await end
    } finally {
      this.#working++
      this.#children.delete(child)
    }
  }

  #look(): void {
    this.stamp++
    if (this.idle !== null) this.#run.becameIdle()
  }
}
