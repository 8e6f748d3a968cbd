// Users' statements, each with its journal row in one: the row holds what the statement returned. Trade-off: they are prepared once
// a connection, which is most of their speed, and so keep memory in the server; an app that builds its texts from values
// gets as many as it has room for, and the others unprepared.
import type { Query } from './link.ts'
import type { Guards } from './types.ts'
import { kind, type Unit } from './unit.ts'

const preparedAtMost = 200

export class Folded {
  readonly #schema: string
  readonly #onDuplicate: Guards['onDuplicate']
  /** By the user's text. */
  readonly #known = new Map<string, Pick<Query, 'name' | 'text'>>()

  constructor(schema: string, onDuplicate: Guards['onDuplicate']) {
    this.#schema = schema
    this.#onDuplicate = onDuplicate
  }

  query({ wf, seq, name, statement }: Unit): Query {
    const { text, values } = statement!
    return { ...(this.#known.get(text) ?? this.#compose(text, values.length)), values: [...values, wf, seq, name] }
  }

  #compose(statement: string, p: number): Pick<Query, 'name' | 'text'> {
    const text = `WITH effect AS (${statement}) INSERT INTO ${this.#schema}.journal (wf, seq, kind, name, data)
      SELECT $${p + 1}::int8, $${p + 2}::int4, ${kind.rows}, $${p + 3}::text, coalesce(json_agg(effect), '[]')::text FROM effect ${this.#onDuplicate} RETURNING data`
    if (this.#known.size === preparedAtMost) return { text }
    const composed = { name: `rows_${this.#known.size}`, text }
    this.#known.set(statement, composed)
    return composed
  }
}
