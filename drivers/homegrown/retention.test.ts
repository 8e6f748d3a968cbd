// Old histories are dropped by partitions, and nothing that an open run may still need is among them.
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrate, retain, type WorkflowBody } from './engine/index.ts'
import { migrations } from './engine/migrations/index.ts'
import { retry, startPlace, until, type Place, type Schema } from './testing/store.ts'

let place: Place
beforeAll(async () => {
  place = await startPlace()
})
afterAll(() => place[Symbol.asyncDispose]())

const quick: WorkflowBody = async (run) => {
  const result = await run.step(1, 'noop', retry, () => Promise.resolve('done'))
  return result.ok ? result.value : null
}
const patient: WorkflowBody = async (run) => {
  const answer = await run.signal(1, 'go')
  return answer === 'timeout' ? null : answer.got
}

/** From here on workers take blocks of the partition. */
const goOnIn = (schema: Schema, part: number): Promise<unknown> => schema.query('SELECT setval(\'$schema.block\', $1::bigint)', [part * 10])
const parts = async (schema: Schema): Promise<unknown[]> => (await schema.query('SELECT n::int FROM $schema.part')).map(({ n }) => n)

describe('retention', () => {
  it('drops a partition when its last run has ended, keeps its ids, and lets no block of it be used', async () => {
    const schema = await place.schema()
    const operator = schema.link()
    const worker = await schema.open({ as: 'app', workflows: { quick, patient } })
    await worker.start('quick', 'run-1', null)
    await worker.start('patient', 'run-2', null)
    await worker.outcome('run-1')
    await goOnIn(schema, 2)
    const other = await schema.open({ as: 'other', workflows: { quick } })
    expect(await parts(schema)).toEqual([0, 2])
    expect(await retain(operator, schema.name, 0)).toEqual({ dropped: [], left: [] })

    await worker.signal('run-2', 'go', 'went', 's1')
    await worker.outcome('run-2')
    expect(await retain(operator, schema.name, 60_000)).toEqual({ dropped: [], left: [] })
    expect(await retain(operator, schema.name, 0)).toEqual({ dropped: [0], left: [] })
    expect(await parts(schema)).toEqual([2])
    expect(await schema.query('SELECT * FROM $schema.inbox')).toEqual([])

    expect(await worker.outcome('run-1')).toEqual({ status: 'forgotten' })
    await expect(worker.signal('run-1', 'go', null, 's2')).rejects.toThrow('has ended')
    expect(await worker.start('quick', 'run-1', null)).toBe('existing')
    // The worker's own block is of the partition that is gone.
    expect(await worker.start('quick', 'run-3', null)).toBe('started')
    expect(await worker.outcome('run-3')).toEqual({ status: 'completed', output: 'done' })
    expect(await other.outcome('run-3')).toEqual({ status: 'completed', output: 'done' })
    await Promise.all([worker.close(100), other.close(100), operator.close()])
  })

  it('lets a client that is no worker start runs after its block was dropped', async () => {
    const schema = await place.schema()
    const operator = schema.link()
    const client = await schema.client()
    const worker = await schema.open({ as: 'app', workflows: { quick } })
    await client.start('quick', 'run-1', null)
    await worker.outcome('run-1')
    await goOnIn(schema, 5)
    expect((await retain(operator, schema.name, 0)).dropped).toEqual([0])
    expect(await client.start('quick', 'run-2', null)).toBe('started')
    expect(await worker.outcome('run-2')).toEqual({ status: 'completed', output: 'done' })
    await Promise.all([client.close(), worker.close(100), operator.close()])
  })

  it('keeps what the parent of a run may still ask for', async () => {
    const schema = await place.schema()
    const operator = schema.link()
    const worker = await schema.open({ as: 'app', workflows: { quick } })
    await worker.start('quick', 'parent/1', null)
    await worker.outcome('parent/1')
    await goOnIn(schema, 3)
    await schema.query('INSERT INTO $schema.wf_key VALUES (\'parent\', 3000001)')
    await schema.query('INSERT INTO $schema.active (wf, owner, key) VALUES (3000001, 0, \'parent\')')
    expect(await retain(operator, schema.name, 0)).toEqual({ dropped: [], left: [] })
    await schema.query('DELETE FROM $schema.active')
    expect(await retain(operator, schema.name, 0)).toEqual({ dropped: [0], left: [] })
    await Promise.all([worker.close(100), operator.close()])
  })

  it('leaves for the next time what somebody is at work on, and refuses a negative time', async () => {
    const schema = await place.schema()
    const operator = schema.link()
    const worker = await schema.open({ as: 'app', workflows: { quick } })
    await goOnIn(schema, 3)
    const reader = new pg.Client({ connectionString: place.url })
    await reader.connect()
    await reader.query('BEGIN')
    await reader.query(`SELECT * FROM ${schema.name}.journal`)
    expect(await retain(operator, schema.name, 0)).toEqual({ dropped: [], left: [0] })
    await reader.query('COMMIT')
    expect(await retain(operator, schema.name, 0)).toEqual({ dropped: [0], left: [] })
    await expect(retain(operator, schema.name, -1)).rejects.toThrow('found -1')
    await Promise.all([reader.end(), worker.close(100), operator.close()])
  })

  it('reaches a schema of the version before, whose messages stay', async () => {
    const name = 'older'
    const client = new pg.Client({ connectionString: place.url })
    await client.connect()
    for (const migration of migrations.slice(0, 2)) await client.query(migration(name))
    await client.query(`UPDATE ${name}.engine SET version = 2`)
    await client.query(`SELECT ${name}.take_block()`)
    await client.query(`INSERT INTO ${name}.wf_key VALUES ('run-1', 7); INSERT INTO ${name}.active (wf, owner, key) VALUES (7, 0, 'run-1');
      INSERT INTO ${name}.journal VALUES (7, 0, 0, 'patient', 'null'); INSERT INTO ${name}.inbox (wf, msg_id, name, payload) VALUES (7, 's1', 'go', '"kept"')`)
    await client.end()
    await migrate(place.url, name)
    const schema = await place.schema(name)
    const worker = await schema.open({ as: 'app', workflows: { patient, quick } })
    await until('the run to end', async () => (await worker.outcomes(['run-1'])).get('run-1')!.status === 'completed')
    expect(await worker.outcome('run-1')).toEqual({ status: 'completed', output: 'kept' })
    expect(await worker.start('quick', 'run-2', null)).toBe('started')
    await worker.close(100)
  })
})
