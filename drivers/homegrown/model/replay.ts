// Carries out on a real Postgres, with the engine's own statements, what the store did in a walk through the model, and compares
// tables and answers after each transaction.
import { isDeepStrictEqual } from 'node:util'
import { isNamed } from '../../../contract/errors.ts'
import { openClient, type Link } from '../engine/index.ts'
import { Ids } from '../engine/ids.ts'
import { sqlState } from '../engine/link.ts'
import { PostgresStore } from '../engine/postgres.ts'
import { Refusal } from '../engine/store.ts'
import { BatchStatement, strict } from '../engine/statement.ts'
import { join, look, owned, takeOver, type Succession } from '../engine/succession.ts'
import type { Guards } from '../engine/types.ts'
import { endSeq, kind, type Unit as EngineUnit } from '../engine/unit.ts'
import { Turns } from '../engine/transaction.ts'
import { claim, park } from '../engine/unowned.ts'
import type { StoreEvent } from './events.ts'
import { kinds, pictureOf, readPicture, signalId, valueOf, type Cast } from './picture.ts'
import type { Plan } from './plans.ts'
import { endOf, hasVacancies } from './store.ts'
import type { State, Unit } from './state.ts'
import type { TraceStep } from './traces.ts'

/** Nothing expires unless the trace says so. */
const leaseMs = 600_000
const signalName = 'go'

type Client = Awaited<ReturnType<typeof openClient>>
type Batch = Extract<StoreEvent, { what: 'batch' }>

export class Replay {
  readonly #link: Link
  readonly #schema: string
  readonly #client: Client
  readonly #ids: Ids
  readonly #succession: Succession
  /** By token. */
  readonly #turns = new Map<number, Turns>()
  readonly #statement: BatchStatement
  #traces = 0

  readonly #guards: Guards

  private constructor(link: Link, schema: string, client: Client, guards: Guards) {
    this.#guards = guards
    this.#link = link
    this.#schema = schema
    this.#client = client
    this.#ids = new Ids(link, schema)
    this.#succession = { link, schema, leaseMs, guards, versions: [] }
    this.#statement = new BatchStatement(schema, guards, null)
  }

  /** On a schema of its own that `migrate` has made. */
  static async open(link: Link, url: string, schema: string, guards: Guards = strict): Promise<Replay> {
    await link.query({ text: `CREATE TABLE IF NOT EXISTS ${schema}.gate (open int NOT NULL)` })
    return new Replay(link, schema, await openClient({ url, schema, leaseMs, pollMs: 60_000 }), guards)
  }

  close(): Promise<void> {
    return this.#client.close()
  }

  /** @returns how many transactions were compared. @throws at the first difference, with the way to it */
  async run(plan: Plan, trace: readonly TraceStep[]): Promise<number> {
    const cast = await this.#begin(plan)
    let compared = 0
    for (const [i, { event, before, after }] of trace.entries()) {
      if (event === null) continue
      const complaint = (await this.#carryOut(event, cast, before, after)) ?? (await this.#difference(cast, after))
      if (complaint !== null) throw new Error(`${complaint}, in a walk through '${plan.name}':\n${trace.slice(0, i + 1).map(({ label }, n) => `  ${n + 1}. ${label}`).join('\n')}`)
      compared++
    }
    return compared
  }

  async #begin(plan: Plan): Promise<Cast> {
    const s = this.#schema
    const prefix = `walk-${++this.#traces}`
    const tables = ['worker', 'wf_key', 'active', 'journal', 'inbox', 'timer', 'gate']
    await this.#link.pipeline([...tables.map((table) => ({ text: `DELETE FROM ${s}.${table}` })), { text: `INSERT INTO ${s}.gate VALUES (${plan.refusing ? 0 : 1})` }])
    const cast: Cast = { plan, name: prefix, tokens: plan.workers.map(() => null), wfs: [], ids: [...new Set(plan.runs)].map((id) => `${prefix}-${id}`) }
    for (let w = 0; w < plan.living; w++) cast.tokens[w] = await join(this.#succession, `${prefix}-${w}`, `${prefix}-${plan.workers[w]}`)
    for (const [run] of plan.runs.entries()) cast.wfs[run] = plan.starts.some(({ by, run: started }) => started === run && by === 'client') ? null : await this.#ids.next()
    return cast
  }

  #turnsOf(token: number): Turns {
    const turns = this.#turns.get(token) ?? new Turns(token)
    this.#turns.set(token, turns)
    return turns
  }

  async #difference(cast: Cast, after: State): Promise<string | null> {
    const [model, store] = [pictureOf(after), await readPicture(this.#link, this.#schema, cast)]
    return isDeepStrictEqual(model, store) ? null : `expected the store to hold ${JSON.stringify(model)}, found ${JSON.stringify(store)}`
  }

  /** @returns what the store answered otherwise than the model */
  async #carryOut(event: StoreEvent, cast: Cast, before: State, after: State): Promise<string | null> {
    const s = this.#schema
    switch (event.what) {
      case 'batch': return this.#batch(event, cast, before)
      case 'take': {
        const { silent, unowned } = await look(this.#succession, cast.tokens[event.worker]!)
        if ((silent || unowned) !== hasVacancies(before, event.worker, cast.plan.timeouts)) return 'expected the look to see what there is to take'
        await takeOver(this.#succession, this.#turnsOf(cast.tokens[event.worker]!))
        await claim(this.#succession, this.#turnsOf(cast.tokens[event.worker]!))
        return null
      }
      case 'take refused': {
        const refused = await takeOver(this.#succession, this.#turnsOf(cast.tokens[event.worker]!)).then(() => null, sqlState)
        return refused === 'DUR01' ? null : `expected a fenced taker to be refused, found ${refused}`
      }
      case 'join': {
        const identity = `${cast.name}-${cast.plan.workers[event.worker]}`
        cast.tokens[event.worker] = await join(this.#succession, `${identity}-again`, identity)
        return null
      }
      case 'expire': {
        await this.#link.query({ text: `UPDATE ${s}.worker SET expires = '-infinity' WHERE id = $1`, values: [cast.tokens[event.worker]] })
        return null
      }
      case 'relent': {
        await this.#link.query({ text: `UPDATE ${s}.gate SET open = 1` })
        return null
      }
      case 'start': {
        const how = await this.#client.start('model', this.#idOf(cast, event.run), null)
        const { rows: [row] } = await this.#link.query({ text: `SELECT wf FROM ${s}.wf_key WHERE key = $1`, values: [this.#idOf(cast, event.run)] })
        cast.wfs[event.run] = Number(row![0])
        return (how === 'started') === event.done ? null : `expected the start to be ${event.done ? 'new' : 'a repetition'}, found '${how}'`
      }
      case 'signal': return accepted(this.#client.signal(this.#idOf(cast, event.run), signalName, null, signalId), event.done)
      case 'cancel': return accepted(this.#client.cancel(this.#idOf(cast, event.run)), event.done)
      case 'park': return this.#park(event.worker, event.run, cast, before, after)
      case 'adopt': return this.#adopt(event.worker, event.runs, cast, after)
    }
  }

  #idOf({ plan, ids }: Cast, run: number): string {
    return ids[plan.runs[run]!]!
  }

  async #batch({ worker, number, units, late, answer }: Batch, cast: Cast, before: State): Promise<string | null> {
    const token = cast.tokens[worker]!
    const { batch, fenced } = before.workers[worker]!
    const all = units.map((unit) => this.#unit(cast, unit))
    const store = new PostgresStore({ schema: this.#schema, worker: token, leaseMs, version: null, guards: this.#guards, writer: this.#link, transactor: this.#link, reader: this.#link })
    // What the engine would never send, a copy that is out of date, is put to the fence itself.
    if (answer !== 'unheld' && all.some(({ statement }) => statement !== null)) {
      const how = await store.commit(number, all).then(() => 'held', (error: unknown) => (error instanceof Refusal ? 'refused' : String(error)))
      return how === answer ? null : `expected the batch to be ${answer}, found ${how}`
    }
    const { mask, values, starts } = this.#statement.encode(all)
    const { rows: [row] } = await this.#link.query({ text: this.#statement.text(mask, 'report'), values: [token, number, leaseMs, ...values] })
    const [held, started] = row as [number, number]
    if ((held === 1) !== (answer === 'held')) return `expected the fence to answer ${answer}, found ${held}`
    if (held === 1) {
      await this.#arm(cast, units)
      return started === units.filter(({ run, seq }) => seq === 0 && before.keys[cast.plan.runs[run]!] === null).length && started <= starts ? null : `found ${started} new starts`
    }
    if (late || (!fenced && batch !== number)) return null
    const explained = await store.commit(number, all)
    if (explained.fenced !== fenced) return `expected the lost answer to be explained as ${fenced ? 'fenced' : 'committed'}, found otherwise`
    const existing = all.filter((unit, i) => unit.kind === kind.start && before.keys[cast.plan.runs[units[i]!.run]!] !== units[i]!.run)
    return explained.fenced || existing.every((unit) => explained.answers?.get(unit) === 'existing') ? null : 'expected a lost start to be told that its id is taken'
  }

  /** Timers of waits are due as soon as their run is there: the model has no clock. */
  async #arm(cast: Cast, units: readonly Unit[]): Promise<void> {
    if (!cast.plan.timeouts) return
    for (const { run, seq } of units) {
      if (seq === 0) await this.#link.query({ text: `INSERT INTO ${this.#schema}.timer SELECT $1, seq, clock_timestamp() - interval '1 s' FROM unnest($2::int[]) seq`, values: [cast.wfs[run], cast.plan.body.map((_, i) => i + 1)] })
    }
  }

  #unit(cast: Cast, { run, seq, value }: Unit): EngineUnit {
    const k = value in kinds ? kinds[value as keyof typeof kinds] : kind.step
    const data = k === kind.rows ? '' : JSON.stringify(k === kind.step ? value : null)
    const key = k === kind.start ? this.#idOf(cast, run) : k === kind.signal ? signalId : ''
    const statement = k === kind.rows ? { text: `SELECT 1 / open AS one FROM ${this.#schema}.gate`, values: [] } : null
    return { wf: cast.wfs[run]!, seq: seq === endOf(cast.plan) ? endSeq : seq, kind: k, name: 'model', data, key, ms: k >= kind.completed ? 1 : 0, tenant: '', statement, resolve: () => undefined, reject: () => undefined }
  }

  async #park(worker: number, run: number, cast: Cast, before: State, after: State): Promise<string | null> {
    const at = before.runs[run]!.journal.findIndex((value) => value === null)
    const wf = cast.wfs[run]!
    const parked = await park(this.#succession, this.#turnsOf(cast.tokens[worker]!), [{ wf, awaits: `signal ${signalName}`, timerSeq: cast.plan.timeouts ? at : null, children: [] }])
    return parked.has(wf) === (after.runs[run]!.owner === -1) ? null : 'expected the parking to end otherwise'
  }

  /** What a worker would read of the runs that have become its own. */
  async #adopt(worker: number, runs: readonly number[], cast: Cast, after: State): Promise<string | null> {
    const token = cast.tokens[worker]!
    // The model lets a fenced worker load runs that it may not record for; the engine does not even tell it which.
    const found = await owned(this.#succession, this.#turnsOf(token)).catch((error: unknown) => {
      if (sqlState(error) === 'DUR01' && after.workers[worker]!.fenced) return null
      throw error
    })
    if (found === null) return null
    const mine = new Set(found.map(({ wf }) => wf))
    if (runs.some((run) => !mine.has(cast.wfs[run]!))) return 'expected the store to say that the runs are this worker\'s'
    const store = new PostgresStore({ schema: this.#schema, worker: token, leaseMs, version: null, guards: this.#guards, writer: this.#link, transactor: this.#link, reader: this.#link })
    for (const stored of await store.load(runs.map((run) => cast.wfs[run]!))) {
      const { journal, signal, cancel } = after.runs[cast.wfs.indexOf(stored.wf)]!
      const values = journal.map((_, seq) => stored.rows.get(seq)).map((row) => (row === undefined ? null : valueOf(row.kind, JSON.stringify(row.value))))
      const messages = new Set(stored.messages.map(({ id }) => id))
      const same = isDeepStrictEqual(values, journal) && messages.has(signalId) === (signal === 'open') && messages.has('') === cancel
      if (!same) return `expected ${JSON.stringify({ journal, signal, cancel })} to be loaded, found ${JSON.stringify({ values, messages: [...messages] })}`
    }
    return null
  }
}

async function accepted(sent: Promise<void>, expected: boolean): Promise<string | null> {
  const done = await sent.then(() => true, (error: unknown) => {
    if (isNamed(error, 'Rejected')) return false
    throw error
  })
  return done === expected ? null : `expected the message to be ${expected ? 'accepted' : 'rejected'}`
}
