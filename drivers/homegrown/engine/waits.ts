// What a run waits for, and what ends a wait: a message, a timer, a cancel. They race in one thread; the first takes it, and
// what comes later finds nobody waiting.
import { Cancelled } from '../../../contract/errors.ts'
import { alarm } from './alarm.ts'
import type { Mailbox } from './mailbox.ts'
import type { Message } from './store.ts'

export class Waits {
  readonly #id: string
  readonly #mailbox: Mailbox
  #cancelled = false
  #shield = 0
  /** What a cancel interrupts: waits, pauses between attempts; and tells: children. */
  #interrupts: Set<() => void> | null = null
  /** How to let go of each wait without ending it. */
  #open: Set<() => void> | null = null

  constructor(id: string, mailbox: Mailbox) {
    this.#id = id
    this.#mailbox = mailbox
  }

  get cancelled(): boolean {
    return this.#cancelled
  }

  /** Asked for, and nothing holds it off. */
  get turnsBack(): boolean {
    return this.#cancelled && this.#shield === 0
  }

  /** A cancel is a fact of the store before it is seen here, and stays one: every replay turns back at the same place. */
  boundary(): void {
    if (this.turnsBack) throw this.#cancellation()
  }

  deliver(message: Message): void {
    if (message.id !== '') return this.#mailbox.put(message)
    this.#cancelled = true
    for (const interrupt of [...(this.#interrupts ?? [])]) interrupt()
  }

  async shielded<T>(body: () => Promise<T>): Promise<T> {
    // No boundary here: a replay could not tell whether the block had begun before the cancel, and compensations begin after it.
    this.#shield++
    try {
      return await body()
    } finally {
      this.#shield--
    }
  }

  /** Resolves with the next message of that name, or with null when the time is over. */
  wait(leftMs: number, name: string | null): Promise<Message | null> {
    this.boundary()
    const { promise, resolve, reject } = Promise.withResolvers<Message | null>()
    const over = (): void => {
      disarm?.()
      leave?.()
      this.#interrupts?.delete(interrupt)
      this.#open?.delete(over)
    }
    const interrupt = (): void => {
      over()
      reject(this.#cancellation())
    }
    const disarm = leftMs === Infinity ? undefined : alarm(leftMs, () => {
      over()
      resolve(null)
    })
    const leave = name === null ? undefined : this.#mailbox.wait(name, (message) => {
      over()
      resolve(message)
    })
    if (this.#shield === 0) (this.#interrupts ??= new Set()).add(interrupt)
    ;(this.#open ??= new Set()).add(over)
    return promise
  }

  /** `interrupt` hears of a cancel; what is waited for is waited for all the same. */
  async interruptible<T>(interrupt: () => void, promise: Promise<T>): Promise<T> {
    if (this.#shield > 0) return promise
    const interrupts = (this.#interrupts ??= new Set())
    interrupts.add(interrupt)
    try {
      return await promise
    } finally {
      interrupts.delete(interrupt)
    }
  }

  /** Nobody waits any more, and nobody is told: the run leaves memory. */
  abandon(): void {
    for (const over of [...(this.#open ?? [])]) over()
    this.#interrupts = null
  }

  #cancellation(): Cancelled {
    return new Cancelled(`run ${this.#id} was cancelled`)
  }
}
