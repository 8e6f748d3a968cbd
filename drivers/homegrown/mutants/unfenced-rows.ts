// An engine that fences what steps came to, and writes some of its other rows as most do: by their keys, whoever asks. Its heart
// beats on without looking at what the store says, so a worker that was taken over learns of it at its next step at the earliest.
import { kind, Link, Refusal, type Unit } from '../engine/index.ts'
import type { Database, Store } from './lie.ts'

type Unfenced = 'waits' | 'ends'

const unfenced: Readonly<Record<Unfenced, (unit: Unit) => boolean>> = {
  waits: (unit) => unit.kind === kind.signal || unit.kind === kind.timeout || unit.kind === kind.slept,
  ends: (unit) => unit.kind >= kind.completed,
}

export function writesUnfenced(which: Unfenced, store: Store, { url, schema }: Database): Store {
  const link = new Link({ url, name: 'unfenced', answerWithinMs: 10_000, idleInTransactionMs: 10_000 })
  // The pump counts batches of which the store has seen only a part.
  let passed = 0

  async function strictly(units: readonly Unit[]): ReturnType<Store['commit']> {
    try {
      const committed = await store.commit(passed + 1, units)
      if (!committed.fenced) passed++
      return committed
    } catch (error) {
      if (error instanceof Refusal && error.spent) passed++
      throw error
    }
  }

  return {
    load: (wfs) => store.load(wfs),
    async commit(_number, units) {
      for (const unit of units.filter(unfenced[which])) await link.query({ text: texts[which](schema), values: [unit.wf, unit.seq, unit.kind, unit.name, unit.data, unit.key] })
      const rest = units.filter((unit) => !unfenced[which](unit))
      const committed = await strictly(rest)
      if (!committed.fenced) return committed
      if (rest.every((unit) => unit.kind < kind.start)) return { fenced: false, answers: null }
      // An error like any other: the body hears of it, and the worker goes on with the other runs.
      if (which === 'ends') throw new Refusal(new Error('the lease is lost'), false)
      // Or nobody hears of it, and those bodies hang.
      for (const unit of rest) if (unit.kind >= kind.start) Object.assign(unit, { resolve: () => undefined })
      return { fenced: false, answers: null }
    },
  }
}

const texts: Readonly<Record<Unfenced, (schema: string) => string>> = {
  waits: (s) => `WITH consumed AS (UPDATE ${s}.inbox SET consumed_seq = $2 WHERE wf = $1 AND msg_id = $6 AND $6 <> '')
    INSERT INTO ${s}.journal (wf, seq, kind, name, data) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (wf, seq) DO UPDATE SET kind = excluded.kind, data = excluded.data`,
  ends: (s) => `WITH closed AS (DELETE FROM ${s}.active WHERE wf = $1 AND $6::text IS NOT NULL)
    INSERT INTO ${s}.journal (wf, seq, kind, name, data) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
}
