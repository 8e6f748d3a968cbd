// One batch in flight; what completes meanwhile is the next, sent as soon as the last is acknowledged and before anyone is
// told, so that the store never waits for us. No linger: a lone step goes at once. The lease is renewed with every batch,
// and by an empty one when nothing happens.
import { Refusal, type Committed, type Store } from './store.ts'
import { kind, type Unit } from './unit.ts'

const takenOver = 'another worker has taken over this one\'s runs'
const maxUnits = 5_000
const maxChars = 8 * 1024 * 1024

export class Pump {
  readonly #store: Store
  readonly #leaseMs: number
  readonly #lost: (why: string) => void
  #pending: Unit[] = []
  #busy = false
  #scheduled = false
  #number = 0
  /** When the last acknowledged batch was sent: the store may count from later, never from earlier. */
  #renewedAt = performance.now()
  #sentAt = 0
  #dead = false
  #flight = Promise.resolve()
  readonly #heart: NodeJS.Timeout

  constructor(store: Store, leaseMs: number, lost: (why: string) => void) {
    this.#store = store
    this.#leaseMs = leaseMs
    this.#lost = lost
    this.#heart = setInterval(() => {
      if (!this.#busy && performance.now() - this.#sentAt >= leaseMs / 4) void this.beat()
    }, leaseMs / 8)
  }

  record(unit: Unit): void {
    this.#pending.push(unit)
    if (this.#busy || this.#scheduled) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      if (!this.#busy) this.#send()
    })
  }

  /** Resolves when the store has acknowledged a batch sent after this call: the lease was ours then. */
  beat(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.record({ wf: 0, seq: 0, kind: kind.beat, name: '', data: '', key: '', ms: 0, tenant: '', statement: null, resolve: () => resolve(), reject })
    })
  }

  /** Whether somebody may have taken over while this process was paused. Judged by our own clock, so only a hint to ask. */
  get doubtful(): boolean {
    return performance.now() - this.#renewedAt > this.#leaseMs / 2
  }

  /** Nothing is sent or acknowledged any more; resolves when nothing is under way. */
  stop(): Promise<void> {
    this.#dead = true
    clearInterval(this.#heart)
    return this.#flight
  }

  #send(): void {
    if (this.#dead || this.#pending.length === 0) return
    this.#busy = true
    this.#flight = this.#deliver(this.#take()).catch((error: unknown) => this.#die(error instanceof Error ? error.message : String(error)))
  }

  async #deliver(units: readonly Unit[]): Promise<void> {
    const sentAt = (this.#sentAt = performance.now())
    let committed: Committed
    try {
      committed = await this.#store.commit(this.#number + 1, units)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      await this.#isolate(units, error, sentAt)
      if (!this.#dead) this.#next()
      return
    }
    if (committed.fenced || this.#dead) return this.#die(takenOver)
    this.#accept(sentAt)
    this.#next()
    settle(units, committed.answers)
  }

  /** Something in the batch is poison, and nothing of it was recorded. Halves it until the victim stands alone. */
  async #isolate(units: readonly Unit[], refusal: Refusal, refusedAt: number): Promise<void> {
    if (refusal.spent) this.#accept(refusedAt)
    if (units.length === 1) return units[0]!.reject(refusal.cause as Error)
    const middle = units.length >> 1
    for (const half of [units.slice(0, middle), units.slice(middle)]) {
      const sentAt = performance.now()
      try {
        const committed = await this.#store.commit(this.#number + 1, half)
        if (committed.fenced || this.#dead) return this.#die(takenOver)
        this.#accept(sentAt)
        settle(half, committed.answers)
      } catch (inner) {
        if (!(inner instanceof Refusal)) throw inner
        await this.#isolate(half, inner, sentAt)
        if (this.#dead) return
      }
    }
  }

  #accept(sentAt: number): void {
    this.#number++
    this.#renewedAt = sentAt
  }

  #next(): void {
    this.#busy = false
    this.#send()
  }

  #die(why: string): void {
    if (this.#dead) return
    void this.stop()
    this.#lost(why)
  }

  #take(): Unit[] {
    const all = this.#pending
    let chars = 0
    let count = 0
    while (count < all.length && count < maxUnits && chars < maxChars) chars += all[count++]!.data.length
    this.#pending = count === all.length ? [] : all.slice(count)
    return count === all.length ? all : all.slice(0, count)
  }
}

function settle(units: readonly Unit[], answers: ReadonlyMap<Unit, string> | null): void {
  for (const unit of units) unit.resolve(answers?.get(unit) ?? '')
}
