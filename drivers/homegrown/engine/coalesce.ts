// One statement in flight for many callers: what is asked meanwhile goes together into the next. The same idea as the pump's,
// for writes that need no fence because each is idempotent.
import { isDefinite, pauseAfter } from './link.ts'

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
    await null // whoever else asks in this tick
    while (pending.length > 0) await settle(pending.splice(0, most))
    busy = false
  }

  async function settle(batch: readonly Asked<Q, A>[]): Promise<void> {
    for (;;) {
      try {
        const answers = await ask(batch.map((asked) => asked.question))
        return batch.forEach((asked, i) => asked.resolve(answers[i]!))
      } catch (error) {
        if (!isDefinite(error)) {
          try {
            await pauseAfter(error)
            continue
          } catch (lost) {
            return batch.forEach((asked) => asked.reject(lost))
          }
        }
        if (batch.length === 1) return batch[0]!.reject(error)
        for (const one of batch) await settle([one])
        return
      }
    }
  }

  return (question) => new Promise((resolve, reject) => {
    pending.push({ question, resolve, reject })
    if (!busy) void drain()
  })
}
