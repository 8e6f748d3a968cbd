// What runs can do, against a real Postgres: signals, timers, children, cancel, start once; across workers and without any.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engineVersion, migrate, type RunHandle, type WorkflowBody } from './engine/index.ts'
import { pause, quiet, retry, startPlace, steps, until, type Place } from './testing/store.ts'

let place: Place
beforeAll(async () => {
  place = await startPlace()
})
afterAll(() => place[Symbol.asyncDispose]())

const waits: WorkflowBody = (run) => run.signal(1, 'go')

describe('a schema', () => {
  it('is made once, however many deploy at the same time', async () => {
    await Promise.all(Array.from({ length: 4 }, () => migrate(place.url, 'deployed_together')))
  })

  it('of another version is refused', async () => {
    const schema = await place.schema()
    await schema.query('UPDATE $schema.engine SET version = 999')
    await expect(migrate(place.url, schema.name)).rejects.toThrow(/version 999/)
    expect(engineVersion).toMatch(/^\d/)
  })
})

describe('a signal', () => {
  it('reaches a run of another worker', async () => {
    const schema = await place.schema()
    const [near, far] = [await schema.open({ as: 'near', workflows: { waits } }), await schema.open({ as: 'far', workflows: { waits } })]
    await far.start('waits', 'run-1', null)
    await near.signal('run-1', 'go', { from: 'near' }, 's1')
    expect(await near.outcome('run-1', quiet)).toEqual({ status: 'completed', output: { got: { from: 'near' } } })
    await near.close(100)
    await far.close(100)
  })

  it('sent while every worker is dead is found by the next', async () => {
    const schema = await place.schema()
    const first = await schema.open({ as: 'app', workflows: { waits } })
    await first.start('waits', 'run-1', null)
    await first.close(100)
    const client = await schema.client()
    await client.signal('run-1', 'go', 1, 's1')
    await client.signal('run-1', 'go', 2, 's1')
    const second = await schema.open({ as: 'app', workflows: { waits } })
    expect(await client.outcome('run-1', quiet)).toEqual({ status: 'completed', output: { got: 1 } })
    await client.close()
    await second.close(100)
  })

  it('is taken once by one wait, and a repeat after the end is no error', async () => {
    const schema = await place.schema()
    const twice: WorkflowBody = async (run) => [await run.signal(1, 'go', 5_000), await run.signal(2, 'go', 200)]
    const worker = await schema.open({ as: 'app', workflows: { twice } })
    await worker.start('twice', 'run-1', null)
    await Promise.all([1, 2, 3].map(() => worker.signal('run-1', 'go', 'x', 's1')))
    expect(await worker.outcome('run-1')).toEqual({ status: 'completed', output: [{ got: 'x' }, 'timeout'] })
    await worker.signal('run-1', 'go', 'x', 's1')
    await expect(worker.signal('run-1', 'go', 'x', 's2')).rejects.toMatchObject({ name: 'Rejected' })
    await expect(worker.signal('run-2', 'go', 'x', 's1')).rejects.toMatchObject({ name: 'Rejected' })
    expect(await schema.query('SELECT consumed_seq FROM $schema.inbox')).toEqual([{ consumed_seq: 1 }])
    await worker.close(100)
  })
})

describe('a timer', () => {
  it('is not restarted by recovery', async () => {
    const schema = await place.schema()
    const sleeps: WorkflowBody = async (run) => {
      await run.sleep(1, 3_000)
      return 'awake'
    }
    const first = await schema.open({ as: 'app', workflows: { sleeps } })
    const began = performance.now()
    await first.start('sleeps', 'run-1', null)
    await pause(2_000)
    await first.close(100)
    const second = await schema.open({ as: 'app', workflows: { sleeps } })
    await second.outcome('run-1', quiet)
    const tookMs = performance.now() - began
    expect(tookMs).toBeGreaterThanOrEqual(3_000)
    expect(tookMs).toBeLessThan(4_950)
    await second.close(100)
  })
})

describe('a cancel', () => {
  const saga: WorkflowBody = async (run) => {
    try {
      await run.step(1, 'charge', retry, () => Promise.resolve('charged'))
      await run.signal(2, 'approval')
      return 'approved'
    } catch (error) {
      await run.uncancellable(async () => void await run.step(3, 'refund', retry, () => Promise.resolve('refunded')))
      throw error
    }
  }

  it('lets a body compensate, once, even when its worker dies on the way', async () => {
    const schema = await place.schema()
    const first = await schema.open({ as: 'app', workflows: { saga } })
    await first.start('saga', 'run-1', null)
    await until('the charge', async () => (await schema.query('SELECT 1 FROM $schema.journal WHERE kind = 1')).length === 1)
    await first.close(100)
    const client = await schema.client()
    await client.cancel('run-1')
    const second = await schema.open({ as: 'app', workflows: { saga } })
    expect(await client.outcome('run-1', quiet)).toEqual({ status: 'cancelled' })
    expect(await schema.query('SELECT name FROM $schema.journal WHERE kind = 1 ORDER BY seq')).toEqual([{ name: 'charge' }, { name: 'refund' }])
    await client.close()
    await second.close(100)
  })

  it('takes the children along before it ends', async () => {
    const schema = await place.schema()
    const parent: WorkflowBody = async (run) => (await run.child(1, 'waits', null)) as never
    const worker = await schema.open({ as: 'app', workflows: { parent, waits } })
    await worker.start('parent', 'run-1', null)
    await until('the child', async () => (await worker.outcomes(['run-1/1'])).get('run-1/1')!.status === 'running')
    await worker.cancel('run-1')
    expect(await worker.outcome('run-1')).toEqual({ status: 'cancelled' })
    expect((await worker.outcomes(['run-1/1'])).get('run-1/1')).toEqual({ status: 'cancelled' })
    await worker.close(100)
  })
})

describe('a start', () => {
  it('of the same id by many clients at once begins one run', async () => {
    const schema = await place.schema()
    let bodies = 0
    const counted: WorkflowBody = (run: RunHandle) => run.step(1, 'count', retry, () => Promise.resolve(++bodies)).then(() => null)
    const workers = [await schema.open({ as: 'a', workflows: { counted } }), await schema.open({ as: 'b', workflows: { counted } })]
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => workers[i % 2]!.start('counted', 'run-1', i)))
    expect(answers.filter((answer) => answer === 'started')).toHaveLength(1)
    expect(await workers[0]!.outcome('run-1')).toMatchObject({ status: 'completed' })
    expect(bodies).toBe(1)
    for (const worker of workers) await worker.close(100)
  })

  it('by a client without a worker is taken by the next that looks', async () => {
    const schema = await place.schema()
    const client = await schema.client()
    expect(await client.start('three', 'run-1', null)).toBe('started')
    expect(await client.start('three', 'run-1', null)).toBe('existing')
    const worker = await schema.open({ as: 'app', workflows: { three: steps(3) } })
    expect(await client.outcome('run-1', quiet)).toEqual({ status: 'completed', output: 3 })
    await client.close()
    await worker.close(100)
  })
})

describe('a clean stop', () => {
  it('records what is in flight and hands the rest over at once', async () => {
    const schema = await place.schema()
    const attempts: string[] = []
    const body = (who: string): WorkflowBody => async (run) => {
      for (let seq = 1; seq <= 5; seq++) {
        await run.step(seq, 'slow', retry, async () => {
          attempts.push(`${who} ${seq}`)
          await pause(150)
          return seq
        })
      }
      return null
    }
    const first = await schema.open({ as: 'a', workflows: { slow: body('a') }, leaseMs: 60_000 })
    const second = await schema.open({ as: 'b', workflows: { slow: body('b') }, leaseMs: 60_000 })
    await first.start('slow', 'run-1', null)
    await pause(200)
    await first.close(2_000)
    expect(await second.outcome('run-1', quiet)).toMatchObject({ status: 'completed' })
    expect(attempts).toHaveLength(5)
    await second.close(100)
  })
})

describe('a run that continues as new', () => {
  const counts: WorkflowBody = async (run, input) => {
    const { round, seq, got } = input as { round: number; seq: number; got: unknown[] }
    const arrived = await run.signal(seq + 1, 'go')
    await run.step(seq + 2, 'work', retry, () => Promise.resolve(round))
    const all = [...got, (arrived as { got: unknown }).got]
    return round === 3 ? all as never : await run.renew(seq + 3, { round: round + 1, seq: seq + 3, got: all } as never)
  }

  it('carries its signals along, whichever worker goes on with it, and reads nothing of its earlier lives', async () => {
    const schema = await place.schema()
    const first = await schema.open({ as: 'a', workflows: { counts } })
    await first.start('counts', 'run-1', { round: 1, seq: 0, got: [] })
    for (const n of [1, 2]) await first.signal('run-1', 'go', n, `s${n}`)
    await until('the second life to end', async () => (await schema.query('SELECT 1 FROM $schema.steps WHERE kind = \'renewed\'')).length === 2)
    await first.close(100)
    expect(await schema.query('SELECT base FROM $schema.active')).toEqual([{ base: 6 }])
    const second = await schema.open({ as: 'b', workflows: { counts } })
    await second.signal('run-1', 'go', 3, 's3')
    expect(await second.outcome('run-1')).toEqual({ status: 'completed', output: [1, 2, 3] })
    await second.close(100)
  })
})
