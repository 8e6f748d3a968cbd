// Each strike against a real Postgres, through real clients: what the client sees on the wire, and what is in the table.
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startGuard } from '../../processes/guard.ts'
import { startPostgres } from '../../services/postgres/server.ts'
import { query } from '../../services/postgres/query.ts'
import { ownerOf } from './owner.ts'
import { startRelay, type Relay } from './relay.ts'

const kept = new AsyncDisposableStack()
let store: string
let relay: Relay
let clients: pg.Client[]

beforeAll(async () => {
  const guard = kept.use(await startGuard())
  const folder = kept.adopt(await mkdtemp(join(tmpdir(), 'durabench-relay-')), (path) => rm(path, { recursive: true }))
  store = kept.use(await startPostgres({ folder, guard })).url
})
afterAll(() => kept.disposeAsync())

beforeEach(async () => {
  await query(store, 'DROP TABLE IF EXISTS paid; CREATE TABLE paid (n int PRIMARY KEY); DROP TABLE IF EXISTS fence; CREATE TABLE fence (batch int); INSERT INTO fence VALUES (0)')
  relay = await startRelay(store)
  clients = []
})
afterEach(async () => {
  await relay[Symbol.asyncDispose]()
  await Promise.all(clients.map((client) => client.end().catch(() => undefined)))
})

async function client(options: { readonly name?: string; readonly pipeline?: boolean } = {}): Promise<pg.Client> {
  const made = new pg.Client({ connectionString: relay.url, application_name: options.name ?? 'worker', ...(options.pipeline ? { pipeline: true } : {}) })
  made.on('error', () => undefined)
  clients.push(made)
  await made.connect()
  return made
}

const soon = (): AbortSignal => AbortSignal.timeout(5_000)
const first = { nth: 1, wants: () => true }
const insert = (n: number) => ({ name: 'batch', text: 'INSERT INTO paid VALUES ($1)', values: [n] })
const rows = async () => (await query(store, 'SELECT n FROM paid ORDER BY n')).map(({ n }) => n)
const outcome = (work: Promise<unknown>) => work.then(() => 'answered', (error: Error) => error.message)
/** One statement under a number that passes once, as an engine's fenced batch. */
const batch = (number: number, n: number) => ({
  name: 'batch_report', values: [number, n],
  text: `WITH fence AS (UPDATE fence SET batch = $1 WHERE batch = $1 - 1 RETURNING 1), row AS (INSERT INTO paid SELECT $2::int FROM fence)
    SELECT count(*)::int AS held FROM fence`,
})

describe('forwards', () => {
  test('everything as it is while nothing is armed: simple, extended, pipelined, large, copied, notified', async () => {
    const one = await client()
    const two = await client({ pipeline: true })
    const heard = new Promise((resolve) => one.on('notification', ({ payload }) => resolve(payload)))
    await one.query('LISTEN told')
    const large = 'x'.repeat(3_000_000)
    const [{ rows: [echo] }, , { rows: [sum] }] = await Promise.all([
      two.query<{ text: string }>('SELECT $1::text AS text', [large]),
      two.query("NOTIFY told, 'so'"),
      two.query<{ sum: string }>('SELECT sum(i) FROM generate_series(1, 100000) i'),
    ])
    expect(echo!.text === large).toBe(true)
    expect(sum!.sum).toBe('5000050000')
    expect(await heard).toBe('so')
    await expect(one.query('SELECT 1/0')).rejects.toThrow('division by zero')
  })

  test('when armed too, whatever is no commit that is wanted', async () => {
    const other = await client({ name: 'other' })
    const armed = relay.strike('cut-answer', { nth: 1, wants: ({ application }) => application === 'nobody' }, AbortSignal.timeout(300))
    await other.query('BEGIN')
    await other.query(insert(1))
    await other.query('ROLLBACK')
    await other.query(insert(2))
    await expect(armed).rejects.toThrow('the commit to be hit did not come')
    expect(await rows()).toEqual([2])
  })

  test('a request to cancel', async () => {
    const slow = await client()
    const { backend } = relay.peers[0]!
    const sleeping = outcome(slow.query('SELECT pg_sleep(20)'))
    await delay(100)
    const packet = Buffer.alloc(16)
    packet.writeInt32BE(16, 0)
    packet.writeInt32BE(80_877_102, 4)
    packet.writeInt32BE(backend, 8)
    packet.writeInt32BE((slow as unknown as { secretKey: number }).secretKey, 12)
    connect(Number(new URL(relay.url).port), '127.0.0.1').end(packet)
    expect(await sleeping).toContain('canceling statement due to user request')
  })

  test('without encryption: it says so to a client that asks', async () => {
    const asking = new pg.Client({ connectionString: relay.url.replace('disable', 'no-verify') })
    asking.on('error', () => undefined)
    await expect(asking.connect()).rejects.toThrow('The server does not support SSL connections')
  })
})

describe('cut-request', () => {
  test('drops the request of a commit: the client is cut off, and it never happened', async () => {
    const one = await client()
    const hit = relay.strike('cut-request', first, soon())
    expect(await outcome(one.query(insert(1)))).toContain('terminated')
    expect((await hit).saw).toMatch(/^batch of backend \d+: none of its \d+ bytes reached the store$/)
    expect(await rows()).toEqual([])
  })

  test('of the nth commit, transactions counted by their end', async () => {
    const one = await client()
    const hit = relay.strike('cut-request', { nth: 2, wants: () => true }, soon())
    await one.query('SELECT n FROM paid')
    await one.query('BEGIN')
    await one.query(insert(1))
    await one.query('COMMIT')
    expect(await outcome(one.query(insert(2)))).toContain('terminated')
    await hit
    expect(await rows()).toEqual([1])
  })

  test('of a transaction pipelined in one write: what it wrote before is rolled back', async () => {
    const one = await client({ pipeline: true })
    const hit = relay.strike('cut-request', first, soon())
    const all = await Promise.all([one.query('BEGIN'), one.query(insert(1)), one.query(insert(2)), one.query('COMMIT')].map(outcome))
    expect(all.at(-1)).toContain('terminated')
    expect((await hit).saw).toContain('COMMIT of backend')
    expect(await rows()).toEqual([])
  })
})

describe('cut-answer', () => {
  test('lets a commit happen and tells nobody: the client is in doubt, the row is there', async () => {
    const one = await client()
    const hit = relay.strike('cut-answer', first, soon())
    expect(await outcome(one.query(insert(1)))).toContain('terminated')
    expect((await hit).saw).toMatch(/the store answered INSERT 0 1, which nobody was told$/)
    expect(await rows()).toEqual([1])
  })

  test('of a pipelined transaction', async () => {
    const one = await client({ pipeline: true })
    const hit = relay.strike('cut-answer', first, soon())
    const all = await Promise.all([one.query('BEGIN'), one.query(insert(1)), one.query('COMMIT'), one.query('SELECT 1')].map(outcome))
    expect(all.slice(2)).toEqual([expect.stringContaining('terminated'), expect.stringContaining('terminated')])
    expect((await hit).saw).toContain('the store answered COMMIT')
    expect(await rows()).toEqual([1])
  })

  test('passes on what the store refused, since nothing was committed, and waits for the next', async () => {
    const one = await client({ pipeline: true })
    await one.query(insert(1))
    const hit = relay.strike('cut-answer', first, soon())
    const [refused, read] = await Promise.all([outcome(one.query(insert(1))), outcome(one.query('SELECT 1'))])
    expect([refused, read]).toEqual([expect.stringContaining('duplicate key'), 'answered'])
    expect(await outcome(one.query(insert(2)))).toContain('terminated')
    await hit
    expect(await rows()).toEqual([1, 2])
  })
})

describe('hold-commit', () => {
  test('delivers a batch after the client sent it again: its number refuses it', async () => {
    const one = await client()
    const held = relay.strike('hold-commit', first, soon())
    expect(await outcome(one.query(batch(1, 7)))).toContain('terminated')
    const { late } = await held
    const again = await client()
    const { rows: [row] } = await again.query<{ held: number }>(batch(1, 7))
    expect(row!.held).toBe(1)
    expect(await late!()).toMatch(/^batch_report of backend \d+: delivered \d+ ms late, the store answered SELECT 1, row 0$/)
    expect(await rows()).toEqual([7])
  })

  test('and one that arrives first makes the repetition the one to be refused', async () => {
    const one = await client()
    const held = relay.strike('hold-commit', first, soon())
    await outcome(one.query(batch(1, 7)))
    expect(await (await held).late!()).toContain('row 1')
    const again = await client()
    expect((await again.query<{ held: number }>(batch(1, 7))).rows[0]!.held).toBe(0)
    expect(await rows()).toEqual([7])
  })
})

describe('a relay that ends', () => {
  test('does not wait for a client that stays when its server has gone away', async () => {
    const { hostname, port } = new URL(relay.url)
    const stays = connect({ host: hostname, port: Number(port), allowHalfOpen: true }).on('error', () => undefined)
    stays.resume().write(Buffer.from([0, 0, 0, 9, 0, 3, 0, 0, 0])) // A start-up message that names no user.
    await new Promise((resolve) => stays.once('end', resolve))
    await delay(100)
    expect(await Promise.race([relay[Symbol.asyncDispose]().then(() => 'ended'), delay(3_000, 'still waiting')])).toBe('ended')
    relay = await startRelay(store)
  })
})

describe('cut-batch', () => {
  test('delivers half of a message: the backend ends, nothing is written', async () => {
    const one = await client()
    await query(store, 'CREATE TABLE IF NOT EXISTS long (text text)')
    const hit = relay.strike('cut-batch', first, soon())
    expect(await outcome(one.query('INSERT INTO long VALUES ($1)', ['x'.repeat(1_000_000)]))).toContain('terminated')
    expect((await hit).saw).toMatch(/: 5\d{5} of its 1\d{6} bytes reached the store, whose backend ended/)
    expect(await query(store, 'SELECT * FROM long')).toEqual([])
    expect(await query(store, `SELECT 1 FROM pg_stat_activity WHERE pid = ${(await hit).peer.backend}`)).toEqual([])
  })

  test('hits a write inside a transaction, too', async () => {
    const one = await client({ pipeline: true })
    const hit = relay.strike('cut-batch', first, soon())
    await Promise.all([one.query('BEGIN'), one.query(insert(1)), one.query('COMMIT')].map(outcome))
    expect((await hit).saw).toContain('batch of backend')
    expect(await rows()).toEqual([])
  })
})

test('terminate-backend ends the process that serves a connection, which says so', async () => {
  const one = await client()
  await one.query(insert(1))
  const said = new Promise<Error>((resolve) => one.once('error', resolve))
  expect(await relay.terminateBackend(relay.peers[0]!)).toBe('57P01')
  expect((await said).message).toContain('terminating connection due to administrator command')
  await delay(50)
  expect(relay.peers).toEqual([])
})

test('the kernel tells whose connection it is', async () => {
  await client()
  const port = Number(new URL(relay.url).port)
  expect(ownerOf(relay.peers[0]!.port, port, [1, process.pid])).toBe(process.pid)
  expect(ownerOf(relay.peers[0]!.port, port, [process.ppid])).toBe(null)
})

test('a server that is gone is a connection that breaks, and the next one works again', async () => {
  const one = await client()
  const { backend } = relay.peers[0]!
  const [gone] = await Promise.all([outcome(one.query('SELECT pg_sleep(20)')), delay(100).then(() => query(store, `SELECT pg_terminate_backend(${backend})`))])
  expect(gone).toContain('terminat')
  expect((await (await client()).query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
})
