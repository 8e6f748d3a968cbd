// One statement in flight for many callers: what is asked meanwhile goes together into the next. The same idea as the pump's,
// for reads, and writes that need no fence because each is idempotent.
import { persist } from './link.ts'

interface Asked<Q, A> {
  readonly question: Q
  resolve(answer: A): void
  reject(error: unknown): void
}

/** `ask` answers in the order of its questions, and may be called again with the same ones. */
export function coalesce<Q, A>(ask: (questions: readonly Q[]) => Promise<readonly A[]>, most = 1_000): (question: Q) => Promise<A> {
  const pending: Asked<Q, A>[] = []
  let busy = false

  async function drain(): Promise<void> {
    busy = true
    await Promise.resolve() // whoever else asks in this tick
    while (pending.length > 0) await settle(pending.splice(0, most))
    busy = false
  }

  async function settle(batch: readonly Asked<Q, A>[]): Promise<void> {
    try {
      const answers = await persist(() => ask(batch.map((asked) => asked.question)))
      batch.forEach((asked, i) => asked.resolve(answers[i]!))
    } catch (error) {
      if (batch.length === 1) return batch[0]!.reject(error)
      for (const one of batch) await settle([one])
    }
  }

  return (question) => new Promise((resolve, reject) => {
    pending.push({ question, resolve, reject })
    if (!busy) void drain()
  })
}
