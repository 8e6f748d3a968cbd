// The store on Postgres. A batch goes out under a number; the fence lets a number pass once. So a batch whose answer was
// lost is simply sent again: if it passes, the first had not, and if not, the worker's row tells why.
import { Folded } from './folded.ts'
import { readRuns } from './histories.ts'
import { beginWriting, type Link, type Query, type Rows, isDefinite, pauseAfter, persist, sqlState } from './link.ts'
import { BatchStatement, type Encoded } from './statement.ts'
import { Refusal, type Committed, type Store, type StoredRun } from './store.ts'
import type { Guards } from './types.ts'
import { kind, type Unit } from './unit.ts'

export interface PostgresOptions {
  readonly schema: string
  readonly worker: number
  readonly leaseMs: number
  /** Of the code that starts runs here. */
  readonly version: string | null
  readonly guards: Guards
  /** For batches alone. */
  readonly writer: Link
  /** For batches with users' statements; writes nothing outside of a transaction. */
  readonly transactor: Link
  readonly reader: Link
}

type Answers = Map<Unit, string>

export class PostgresStore implements Store {
  readonly #o: PostgresOptions
  readonly #statement: BatchStatement
  readonly #folded: Folded

  constructor(options: PostgresOptions) {
    this.#o = options
    this.#statement = new BatchStatement(options.schema, options.guards, options.version)
    this.#folded = new Folded(options.schema, options.guards.onDuplicate)
  }

  async commit(number: number, units: readonly Unit[]): Promise<Committed> {
    const encoded = this.#statement.encode(units)
    const statements = units.filter((unit) => unit.statement !== null)
    for (let lost = false; ; lost = true) {
      try {
        return await (statements.length === 0 ? this.#alone(number, encoded, units) : this.#together(number, encoded, units, statements))
      } catch (error) {
        if (isDefinite(error)) return lost ? await this.#refusedLate(number, units, error) : refuse(error, false)
        if (this.#o.guards.unanswered === 'believe') return { fenced: false, answers: null }
        await pauseAfter(error)
      }
    }
  }

  /**
   * Refused, though an earlier copy may still be on its way, and may pass: what refused this one can be gone by then. So an
   * empty batch takes the number, and the journal tells which of the two came first.
   */
  async #refusedLate(number: number, units: readonly Unit[], why: Error): Promise<Committed> {
    const nothing = this.#statement.encode([])
    await persist(() => this.#o.writer.query(this.#fenced(number, nothing)))
    const row = units.find((unit) => unit.kind >= 0)
    const { rows: [found] } = await persist(() => this.#o.reader.query({
      text: `SELECT fenced, EXISTS (SELECT FROM ${this.#o.schema}.journal WHERE wf = $2 AND seq = $3) FROM ${this.#o.schema}.worker WHERE id = $1`,
      values: [this.#o.worker, row?.wf ?? 0, row?.seq ?? 0],
    }))
    const [fenced, recorded] = (found ?? [true, false]) as [boolean, boolean]
    if (fenced) return { fenced: true }
    // Units without a row of the journal (timers) may be recorded twice.
    return row !== undefined && recorded ? this.#explain(number, units) : refuse(why, true)
  }

  /** The common case: one statement, which is its own transaction. */
  async #alone(number: number, encoded: Encoded, units: readonly Unit[]): Promise<Committed> {
    const { rows: [row] } = await this.#o.writer.query(this.#fenced(number, encoded))
    const [held, ...done] = row as [number, number, number]
    if (held === 0) return this.#explain(number, units)
    return { fenced: false, answers: isAll(encoded, done) ? null : await this.#undone(units) }
  }

  /** With users' statements: a transaction written in one go, so that no stopped process can leave it open. */
  async #together(number: number, encoded: Encoded, units: readonly Unit[], statements: readonly Unit[]): Promise<Committed> {
    const answered = await this.#o.transactor.pipeline([
      { text: beginWriting },
      this.#fenced(number, encoded, 'insist'),
      ...statements.map((unit) => this.#folded.query(unit)),
      { text: 'COMMIT' },
    ])
    const failed = answered.find((answer) => answer.status === 'rejected')
    if (failed !== undefined) {
      if (sqlState(failed.reason) === 'DUR01') return this.#explain(number, units)
      throw failed.reason
    }
    const done = answered.map((answer) => (answer as PromiseFulfilledResult<Rows>).value)
    if (done.at(-1)!.command !== 'COMMIT') throw new Error(`expected COMMIT, the store answered ${done.at(-1)!.command}`)
    const [, ...counts] = done[1]!.rows[0] as [number, number, number]
    const answers: Answers = isAll(encoded, counts) ? new Map<Unit, string>() : await this.#undone(units)
    for (const [i, unit] of statements.entries()) answers.set(unit, (done[i + 2]!.rows[0]?.[0] as string | undefined) ?? (await this.#rowsOf(unit)))
    return { fenced: false, answers }
  }

  #fenced(number: number, { mask, values }: Encoded, unheld: 'report' | 'insist' = 'report'): Query {
    return { name: `batch_${unheld}_${mask}`, text: this.#statement.text(mask, unheld), values: [this.#o.worker, number, this.#o.leaseMs, ...values] }
  }

  /** The fence did not hold: this batch passed before (its answer was lost), or another incarnation took over. */
  async #explain(number: number, units: readonly Unit[]): Promise<Committed> {
    const { rows: [row] } = await this.#o.reader.query({ text: `SELECT batch, fenced FROM ${this.#o.schema}.worker WHERE id = $1`, values: [this.#o.worker] })
    const [batch, fenced] = (row ?? ['0', true]) as [string, boolean]
    if (fenced) return { fenced: true }
    if (Number(batch) !== number) throw new Error(`batch ${number} was refused though worker ${this.#o.worker} is at ${batch} and not fenced; expected ${number - 1} or ${number}`)
    const answers = await this.#undone(units)
    for (const unit of units) if (unit.statement !== null) answers.set(unit, await this.#rowsOf(unit))
    return { fenced: false, answers }
  }

  /** Which starts met a run that was there, and which time-outs a message. */
  async #undone(units: readonly Unit[]): Promise<Answers> {
    const starts = units.filter((unit) => unit.kind === kind.start)
    const { rows } = await this.#o.reader.query({ text: `SELECT key, wf FROM ${this.#o.schema}.wf_key WHERE key = ANY($1)`, values: [starts.map((unit) => unit.key)] })
    const owner = new Map(rows.map(([key, wf]) => [key as string, Number(wf)]))
    const timeouts = units.filter((unit) => unit.kind === kind.timeout)
    const { rows: found } = await this.#o.reader.query({
      text: `SELECT j.wf, j.seq FROM unnest($1::int8[], $2::int4[]) u (wf, seq) JOIN ${this.#o.schema}.journal j ON j.wf = u.wf AND j.seq = u.seq`,
      values: [timeouts.map(({ wf }) => wf), timeouts.map(({ seq }) => seq)],
    })
    const recorded = new Set(found.map(([wf, seq]) => `${wf as string}/${seq as number}`))
    return new Map([
      ...starts.filter((unit) => owner.get(unit.key) !== unit.wf).map((unit) => [unit, 'existing'] as const),
      ...timeouts.filter(({ wf, seq }) => !recorded.has(`${wf}/${seq}`)).map((unit) => [unit, 'late'] as const),
    ])
  }

  async #rowsOf(unit: Unit): Promise<string> {
    const { rows: [row] } = await this.#o.reader.query({ text: `SELECT data FROM ${this.#o.schema}.journal WHERE wf = $1 AND seq = $2`, values: [unit.wf, unit.seq] })
    return row![0] as string
  }

  load(wfs: readonly number[]): Promise<StoredRun[]> {
    return readRuns(this.#o.reader, this.#o.schema, wfs)
  }
}

function isAll({ starts, timeouts }: Encoded, [started, timedOut]: readonly number[]): boolean {
  return started === starts && timedOut === timeouts
}

function refuse(why: Error, spent: boolean): never {
  throw new Refusal(why, spent)
}
