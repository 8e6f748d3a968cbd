// What an app's operators and deploys ask of the engine: time-outs, delayed starts, tenants, versions side by side, stuck runs,
// and a schema that moves forward.
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cancelStuck, limitTenant, migrate, retryStuck, type WorkflowBody } from './engine/index.ts'
import { migrations } from './engine/migrations/index.ts'
import { pause, retry, startPlace, steps, until, type Place } from './testing/store.ts'

let place: Place
beforeAll(async () => {
  place = await startPlace()
})
afterAll(() => place[Symbol.asyncDispose]())

describe('a step with a time-out', () => {
  it('is tried again when its body hangs, and what the late body returns counts for nothing', async () => {
    const schema = await place.schema()
    let attempts = 0
    let aborted = 0
    const hangs: WorkflowBody = async (run) => {
      const result = await run.step(1, 'call', { ...retry, timeoutMs: 100 }, async (abort) => {
        abort!.addEventListener('abort', () => void aborted++)
        if (++attempts === 1) await pause(300)
        return attempts
      })
      return result.ok ? result.value : null
    }
    const worker = await schema.open({ as: 'app', workflows: { hangs } })
    await worker.start('hangs', 'run-1', null)
    expect(await worker.outcome('run-1')).toEqual({ status: 'completed', output: 2 })
    expect(aborted).toBe(1)
    await pause(300)
    expect(await schema.query('SELECT data FROM $schema.steps WHERE kind = \'step\'')).toEqual([{ data: '2' }])
    await worker.close(100)
  })

  it('that never answers is exhausted', async () => {
    const schema = await place.schema()
    const dead: WorkflowBody = async (run) => {
      const result = await run.step(1, 'call', { ...retry, timeoutMs: 30 }, () => new Promise(() => undefined))
      return result.ok ? 'ok' : result.error.message
    }
    const worker = await schema.open({ as: 'app', workflows: { dead } })
    await worker.start('dead', 'run-1', null)
    expect(await worker.outcome('run-1')).toEqual({ status: 'completed', output: '3 attempts of \'call\', the last: no result within 30 ms' })
    await worker.close(100)
  })
})

describe('a delayed start', () => {
  it('begins when its time has come, whoever lives then, and once', async () => {
    const schema = await place.schema()
    const first = await schema.open({ as: 'a', workflows: { three: steps(3) } })
    const began = performance.now()
    expect(await first.start('three', 'run-1', null, { delayMs: 2_000 })).toBe('started')
    expect(await first.start('three', 'run-1', null)).toBe('existing')
    await first.close(100)
    const second = await schema.open({ as: 'b', workflows: { three: steps(3) } })
    expect((await second.outcomes(['run-1'])).get('run-1')).toEqual({ status: 'running' })
    expect(await second.outcome('run-1')).toEqual({ status: 'completed', output: 3 })
    expect(performance.now() - began).toBeGreaterThanOrEqual(2_000)
    await second.close(100)
  })
})

describe('a tenant', () => {
  it('has no more runs under way than its cap, and does not keep others waiting', async () => {
    const schema = await place.schema()
    const underWay = new Map<string, number>()
    const most = new Map<string, number>()
    const slow: WorkflowBody = async (run, tenant) => {
      await run.step(1, 'work', retry, async () => {
        const now = (underWay.get(tenant as string) ?? 0) + 1
        underWay.set(tenant as string, now)
        most.set(tenant as string, Math.max(now, most.get(tenant as string) ?? 0))
        await pause(40)
        underWay.set(tenant as string, underWay.get(tenant as string)! - 1)
        return null
      })
      return null
    }
    const link = schema.link()
    await limitTenant(link, schema.name, 'noisy', 3)
    await limitTenant(link, schema.name, 'quiet', 2)
    const workers = [await schema.open({ as: 'a', workflows: { slow } }), await schema.open({ as: 'b', workflows: { slow } })]
    const ended: string[] = []
    const start = async (tenant: string, i: number): Promise<void> => {
      await workers[i % 2]!.start('slow', `${tenant}-${i}`, tenant, { tenant })
      await workers[i % 2]!.outcome(`${tenant}-${i}`)
      ended.push(tenant)
    }
    const noisy = Array.from({ length: 60 }, (_, i) => start('noisy', i))
    await pause(100)
    await Promise.all(Array.from({ length: 4 }, (_, i) => start('quiet', i)))
    expect(ended.filter((tenant) => tenant === 'noisy').length).toBeLessThan(50)
    await Promise.all(noisy)
    expect([most.get('noisy'), most.get('quiet')]).toEqual([3, 2])
    await link.close()
    for (const worker of workers) await worker.close(100)
  }, 30_000)
})

describe('two versions side by side', () => {
  const told = (version: string): WorkflowBody => async (run) => {
    await run.signal(1, 'go')
    return version
  }

  it('each go on with their own runs; a run of a version that nobody has is stuck until somebody does', async () => {
    const schema = await place.schema()
    const old = await schema.open({ as: 'old', workflows: { told: told('1') }, version: '1' })
    const young = await schema.open({ as: 'young', workflows: { told: told('2') }, version: '2' })
    await old.start('told', 'run-1', null)
    await young.start('told', 'run-2', null)
    await old.close(100)
    await pause(200)
    for (const id of ['run-1', 'run-2']) await young.signal(id, 'go', null, 's')
    expect(await young.outcome('run-2')).toEqual({ status: 'completed', output: '2' })
    expect(await schema.query('SELECT id, why FROM $schema.stuck')).toEqual([{ id: 'run-1', why: 'no living worker has version 1' }])
    const both = await schema.open({ as: 'both', workflows: { told: told('3') }, version: '3', continues: ['1'] })
    expect(await both.outcome('run-1')).toEqual({ status: 'completed', output: '3' })
    await young.close(100)
    await both.close(100)
  })
})

describe('a body that does not fit its journal', () => {
  const one = (name: string): WorkflowBody => async (run) => {
    await run.step(1, name, retry, () => Promise.resolve(null))
    await run.signal(2, 'go')
    return name
  }

  it('is put aside with the reason; the right code takes it up again when somebody says so', async () => {
    const schema = await place.schema()
    const link = schema.link()
    const first = await schema.open({ as: 'app', workflows: { one: one('charge') } })
    for (const id of ['run-1', 'run-2']) await first.start('one', id, null)
    await first.close(100)
    const wrong = await schema.open({ as: 'app', workflows: { one: one('refund') } })
    await until('both to be stuck', async () => (await schema.query('SELECT 1 FROM $schema.stuck')).length === 2)
    expect((await schema.query('SELECT why FROM $schema.stuck LIMIT 1'))[0]!['why']).toMatch(/recorded 'charge' at 1, and its body now asks for 'refund'/)
    await wrong.close(100)
    await cancelStuck(link, schema.name, 'run-2')
    await expect(cancelStuck(link, schema.name, 'run-2')).rejects.toMatchObject({ name: 'Rejected' })
    await retryStuck(link, schema.name, 'run-1')
    const right = await schema.open({ as: 'app', workflows: { one: one('charge') } })
    await right.signal('run-1', 'go', null, 's')
    expect(await right.outcome('run-1')).toEqual({ status: 'completed', output: 'charge' })
    expect(await right.outcome('run-2')).toEqual({ status: 'cancelled' })
    expect(await schema.query('SELECT 1 FROM $schema.stuck')).toEqual([])
    await link.close()
    await right.close(100)
  })
})

describe('a schema of the first version', () => {
  it('is brought forward with its runs in it, which then go on', async () => {
    const name = 'from_first'
    const client = new pg.Client({ connectionString: place.url })
    await client.connect()
    await client.query(migrations[0]!(name))
    const { rows: [row] } = await client.query<{ block: string }>(`SELECT ${name}.take_block() AS block`)
    await client.query(`WITH key AS (INSERT INTO ${name}.wf_key VALUES ('run-1', $1) RETURNING wf), start AS (INSERT INTO ${name}.journal SELECT wf, 0, 0, 'three', 'null' FROM key)
      INSERT INTO ${name}.active (wf, owner, key) SELECT wf, 0, 'run-1' FROM key`, [row!.block])
    await client.end()
    await migrate(place.url, name)
    await migrate(place.url, name)
    const schema = await place.schema(name)
    const worker = await schema.open({ as: 'app', workflows: { three: steps(3) }, version: '2' })
    expect(await worker.outcome('run-1')).toEqual({ status: 'completed', output: 3 })
    await worker.close(100)
  })
})
