// What arrives late: changes of ownership and batches whose worker has long gone on. Each of these was found by the model
// (model/) before it was seen here; the copy that is late is the engine's own statement, sent by another connection.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Link } from './engine/index.ts'
import { sqlState } from './engine/link.ts'
import { connectLinks } from './engine/links.ts'
import { PostgresStore } from './engine/postgres.ts'
import { strict } from './engine/statement.ts'
import { Refusal } from './engine/store.ts'
import { join, owned, takeOver, type Succession } from './engine/succession.ts'
import { Turns } from './engine/transaction.ts'
import { kind, type Unit } from './engine/unit.ts'
import { park } from './engine/unowned.ts'
import { pause, retry, startPlace, until, type Place, type Schema } from './testing/store.ts'

let place: Place
beforeAll(async () => {
  place = await startPlace()
})
afterAll(() => place[Symbol.asyncDispose]())

const succession = (schema: Schema, link: Link): Succession => ({ link, schema: schema.name, leaseMs: 60_000, guards: strict, versions: [] })

describe('a successor of the same identity', () => {
  it('waits for what its predecessor is just taking over, and inherits it', async () => {
    const schema = await place.schema()
    const [a, b, c] = [schema.link(), schema.link(), schema.link()]
    const victim = await join(succession(schema, a), 'victim', 'victim')
    const first = await join(succession(schema, a), 'first', 'same')
    await schema.query(`INSERT INTO $schema.active (wf, owner, key) VALUES (1, ${victim}, 'run-1')`)
    await schema.query(`UPDATE $schema.worker SET expires = '-infinity' WHERE id = ${victim}`)
    // Somebody holds the row for a moment, so that the take-over stays open.
    await c.query({ text: 'BEGIN' })
    await c.query({ text: `SELECT 1 FROM ${schema.name}.active FOR UPDATE` })
    const taking = takeOver(succession(schema, a), new Turns(first))
    await pause(200)
    const joining = join(succession(schema, b), 'second', 'same')
    await pause(200)
    await c.query({ text: 'COMMIT' })
    expect(await taking).toEqual([{ wf: 1, id: 'run-1', strikes: null }])
    expect(await owned(succession(schema, b), new Turns(await joining))).toEqual([{ wf: 1, id: 'run-1', strikes: null }])
    await Promise.all([a, b, c].map((link) => link.close()))
  })
})

describe('a parking that arrives late', () => {
  it('does not take a run away from the worker that has gone on with it', async () => {
    const schema = await place.schema()
    const link = schema.link()
    let slow = false
    const workflows = { patient: async (run: Parameters<Parameters<Schema['open']>[0]['workflows'][string]>[0]) => {
      await run.signal(1, 'go')
      slow = true
      await run.step(2, 'slow', retry, () => pause(600).then(() => 'done'))
      return 'ended'
    } }
    const worker = await schema.open({ as: 'app', workflows, leaseMs: 20_000 })
    await worker.start('patient', 'run-1', null)
    await worker.signal('run-1', 'go', null, 's1')
    await until('the slow step', () => Promise.resolve(slow))
    const [row] = await schema.query('SELECT owner::int, wf::int FROM $schema.active')
    const late = park(succession(schema, link), new Turns(row!['owner'] as number), [{ wf: row!['wf'] as number, awaits: 'signal go', timerSeq: null, children: [] }])
    await expect(late).rejects.toMatchObject({ code: 'DUR01' })
    expect(await worker.outcome('run-1')).toEqual({ status: 'completed', output: 'ended' })
    await worker.close(100)
    await link.close()
  })
})

describe('a batch that was lost, and refused when it was sent again', () => {
  /** `between`: after the refusal of the second copy, before its worker asks what became of the first. */
  async function refusedAfterLoss(between: (late: () => Promise<unknown>, schema: Schema) => Promise<void>): Promise<{ result: unknown; schema: Schema; late: () => Promise<unknown>; close: () => Promise<unknown> }> {
    const schema = await place.schema()
    const [link, old] = [schema.link(), schema.link()]
    await schema.query('SELECT $schema.take_block()')
    await schema.query('CREATE TABLE $schema.gate (open int)')
    await schema.query('INSERT INTO $schema.gate VALUES (0)')
    const worker = await join(succession(schema, link), 'w', 'w')
    const store = (writer: Link): PostgresStore => new PostgresStore({ schema: schema.name, worker, leaseMs: 60_000, version: null, guards: strict, writer, transactor: writer, reader: link })
    const unit: Unit = {
      wf: 1, seq: 1, kind: kind.rows, name: 't', data: '', key: '', ms: 0, tenant: '', resolve: () => undefined, reject: () => undefined,
      statement: { text: `SELECT 1 / open AS one FROM ${schema.name}.gate`, values: [] },
    }
    const late = (): Promise<unknown> => store(old).commit(1, [unit])
    let copies = 0
    const lossy = new Proxy(link, {
      get(target, name: keyof Link) {
        if (name !== 'pipeline') return (query: Parameters<Link['query']>[0]) => target.query(query)
        return async (queries: Parameters<Link['pipeline']>[0]) => {
          if (++copies === 1) throw new Error('the connection was lost')
          const answered = await target.pipeline(queries)
          await between(late, schema)
          return answered
        }
      },
    })
    const result = await store(lossy).commit(1, [unit]).catch((error: unknown) => error)
    return { result, schema, late, close: () => Promise.all([link.close(), old.close()]) }
  }

  it('uses its number up, so that the first copy can not pass any more', async () => {
    const { result, schema, late, close } = await refusedAfterLoss(() => Promise.resolve())
    expect(result).toBeInstanceOf(Refusal)
    expect((result as Refusal).spent).toBe(true)
    await schema.query('UPDATE $schema.gate SET open = 1')
    // Its sender is long gone, so nobody explains it.
    await Promise.race([late().catch(() => undefined), pause(500)])
    expect(await schema.query('SELECT 1 FROM $schema.journal')).toEqual([])
    await close()
  })

  it('counts as recorded where the first copy came before', async () => {
    const { result, schema, close } = await refusedAfterLoss(async (late, schema) => {
      await schema.query('UPDATE $schema.gate SET open = 1')
      await late()
    })
    expect(result).toMatchObject({ fenced: false })
    expect([...(result as { answers: Map<Unit, string> }).answers.values()]).toEqual(['[{"one":1}]'])
    expect(await schema.query('SELECT data FROM $schema.journal')).toEqual([{ data: '[{"one":1}]' }])
    await close()
  })
})

describe('a time-out', () => {
  it('does not take place where a signal was accepted before, though it had not reached the worker', async () => {
    const schema = await place.schema()
    const patient = async (run: Parameters<Parameters<Schema['open']>[0]['workflows'][string]>[0]): Promise<never> => await run.signal(1, 'go', 400) as never
    // A mailbox that hears of nothing until the time is over, as behind a store that was away.
    let open = false
    const { honest } = await import('./engine/seams.ts')
    const worker = await schema.open({
      as: 'app', workflows: { patient }, leaseMs: 20_000,
      seams: { createMailbox: () => {
        const mailbox = honest.createMailbox()
        return { consumed: (ids) => mailbox.consumed(ids), take: (name) => mailbox.take(name), wait: (name, got) => mailbox.wait(name, got), put: (message) => void (open && mailbox.put(message)) }
      } },
    })
    await worker.start('patient', 'run-1', null)
    await worker.signal('run-1', 'go', 'in time', 's1')
    await pause(700)
    open = true
    await worker.signal('run-1', 'go', 'too late', 's2')
    expect(await worker.outcome('run-1')).toMatchObject({ status: 'completed', output: { got: expect.stringMatching(/in time|too late/) as string } })
    await worker.close(100)
  })
})

describe('a transaction whose BEGIN failed', () => {
  it('writes nothing: what was sent after it does not commit by itself', async () => {
    const schema = await place.schema()
    const links = await connectLinks({ url: place.url, schema: schema.name, leaseMs: 3_000, pollMs: 100 })
    for (const link of [links.watcher, links.transactor]) {
      const sent = await link.pipeline([
        { text: 'SELECT 1 / 0 AS begin' },
        { text: `INSERT INTO ${schema.name}.wf_key VALUES ('run-1', 1)` },
        { text: 'COMMIT' },
      ])
      expect(sent.map((answer) => (answer.status === 'rejected' ? sqlState(answer.reason) : 'done'))).toEqual(['22012', '25006', 'done'])
    }
    expect(await schema.query('SELECT * FROM $schema.wf_key')).toEqual([])
    await links.close()
  })
})
