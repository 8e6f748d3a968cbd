// A run's signals, in order of arrival, and who waits for one. A signal that nobody waits for is kept: it may be early.
import type { Message } from './store.ts'

export interface Mailbox {
  /** The same message may be offered often (poll, hint, recovery); it counts once. */
  put(message: Message): void
  /** These were consumed in an earlier life: offered again, they count for nothing. */
  consumed(ids: readonly string[]): void
  /** The oldest of that name, if one is there. */
  take(name: string): Message | undefined
  /** Calls back, once, with the next of that name. @returns how to stop waiting */
  wait(name: string, got: (message: Message) => void): () => void
}

export class KeepingMailbox implements Mailbox {
  #seen: Set<string> | null = null
  #kept: Message[] | null = null
  #waiting: { name: string; got: (message: Message) => void } | null = null

  put(message: Message): void {
    this.#seen ??= new Set()
    if (this.#seen.has(message.id)) return
    this.#seen.add(message.id)
    const waiting = this.#waiting
    if (waiting?.name === message.name) {
      this.#waiting = null
      waiting.got(message)
    } else this.#kept = [...(this.#kept ?? []), message]
  }

  consumed(ids: readonly string[]): void {
    if (ids.length > 0) this.#seen = new Set(ids)
  }

  take(name: string): Message | undefined {
    const at = this.#kept?.findIndex((message) => message.name === name) ?? -1
    return at < 0 ? undefined : this.#kept!.splice(at, 1)[0]
  }

  wait(name: string, got: (message: Message) => void): () => void {
    const waiting = (this.#waiting = { name, got })
    return () => {
      if (this.#waiting === waiting) this.#waiting = null
    }
  }
}
