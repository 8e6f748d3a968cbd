// A run that takes its workers down is found out and put aside; those beside it, at work or waiting, are not. A worker dies here by
// a successor of its identity that fences it: to the store that is the same as a kill.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { retryStuck, type Worker, type WorkflowBody } from './engine/index.ts'
import { pause, retry, startPlace, steps, until, type Place, type Schema } from './testing/store.ts'

const never = new Promise<never>(() => undefined)

let place: Place
beforeAll(async () => {
  place = await startPlace()
})
afterAll(() => place[Symbol.asyncDispose]())

/** A body whose step kills the worker that runs it, which `dies` hears of, and who it was. */
function deadly(): { body: WorkflowBody; died: () => Promise<string>; lives: string[] } {
  const lives: string[] = []
  let died = Promise.withResolvers<string>()
  return {
    lives,
    died: () => died.promise,
    body: async (run) => {
      await run.step(1, 'fetch', retry, () => Promise.resolve(null))
      await run.step(2, 'parse', retry, () => {
        lives.push(run.id)
        died.resolve(run.id)
        died = Promise.withResolvers()
        return never
      })
      return 'parsed'
    },
  }
}

/** Lets worker after worker die until one lives for long enough. */
async function crashLoop(schema: Schema, workflows: Readonly<Record<string, WorkflowBody>>, died: () => Promise<string>): Promise<Worker> {
  for (let deaths = 0; deaths < 30; deaths++) {
    const dies = died()
    const worker = await open(schema, workflows)
    const how = await Promise.race([dies, pause(1_000).then(() => null)])
    if (how === null) return worker
  }
  throw new Error('expected the crash loop to end, found 30 deaths')
}

const open = (schema: Schema, workflows: Readonly<Record<string, WorkflowBody>>): Promise<Worker> => schema.open({ as: 'app', workflows, onLost: () => undefined })
const stuck = (schema: Schema): Promise<Record<string, unknown>[]> => schema.query('SELECT id, why FROM $schema.stuck ORDER BY id')

it('a run that kills five workers in a row is put aside; those that were at work or waiting beside it end', async () => {
  const schema = await place.schema()
  const { body, died, lives } = deadly()
  const slow: WorkflowBody = async (run) => {
    await run.step(1, 'read', retry, () => pause(300).then(() => null))
    return 'read'
  }
  const waits: WorkflowBody = async (run) => {
    await run.step(1, 'ask', retry, () => Promise.resolve(null))
    await run.signal(2, 'answer')
    return 'answered'
  }
  const workflows = { deadly: body, slow, waits }
  const first = await open(schema, workflows)
  await Promise.all(['waits-1', 'waits-2'].map((id) => first.start('waits', id, null)))
  await Promise.all(['slow-1', 'slow-2', 'slow-3'].map((id) => first.start('slow', id, null)))
  await first.start('deadly', 'deadly-1', null)
  const last = await crashLoop(schema, workflows, died)
  expect(lives).toEqual(Array.from({ length: 5 }, () => 'deadly-1'))
  expect(await stuck(schema)).toEqual([{ id: 'deadly-1', why: expect.stringMatching(/^its workers died 5 times without anything recorded in between, the last 2 times while it was on trial/) as string }])
  for (const id of ['slow-1', 'slow-2', 'slow-3']) expect(await last.outcome(id)).toEqual({ status: 'completed', output: 'read' })
  for (const id of ['waits-1', 'waits-2']) {
    await last.signal(id, 'answer', null, 's')
    expect(await last.outcome(id)).toEqual({ status: 'completed', output: 'answered' })
  }
  await last.close(100)
}, 30_000)

it('of two such runs each is found out, and code that was mended can retry them', async () => {
  const schema = await place.schema()
  const { body, died, lives } = deadly()
  const first = await open(schema, { deadly: body })
  for (const id of ['run-1', 'run-2']) await first.start('deadly', id, null)
  const last = await crashLoop(schema, { deadly: body }, died)
  expect((await stuck(schema)).map(({ id }) => id)).toEqual(['run-1', 'run-2'])
  for (const id of ['run-1', 'run-2']) expect(lives.filter((life) => life === id).length).toBeLessThanOrEqual(5)
  await last.close(100)
  const link = schema.link()
  for (const id of ['run-1', 'run-2']) await retryStuck(link, schema.name, id)
  await link.close()
  const mended = await open(schema, { deadly: async (run) => {
    await run.step(1, 'fetch', retry, () => Promise.resolve(null))
    await run.step(2, 'parse', retry, () => Promise.resolve(null))
    return 'parsed'
  } })
  for (const id of ['run-1', 'run-2']) expect(await mended.outcome(id)).toEqual({ status: 'completed', output: 'parsed' })
  await mended.close(100)
}, 30_000)

it('a thousand runs that only wait are back in a moment, however often their workers died', async () => {
  const schema = await place.schema()
  const waits: WorkflowBody = async (run) => {
    await run.signal(1, 'answer')
    return 'answered'
  }
  let worker = await open(schema, { waits })
  const ids = Array.from({ length: 1_000 }, (_, i) => `run-${i}`)
  await Promise.all(ids.map((id) => worker.start('waits', id, null)))
  for (let death = 0; death < 4; death++) worker = await open(schema, { waits })
  await until('all to be acquitted', async () => (await schema.query('SELECT 1 FROM $schema.active WHERE lost >= 3 OR strikes > 0')).length === 0)
  expect(await stuck(schema)).toEqual([])
  await worker.close(100)
}, 30_000)

it('a run whose attempts fail while its workers die of something else is not put aside', async () => {
  const schema = await place.schema()
  let fail = true
  let attempts = 0
  const stubborn: WorkflowBody = async (run) => {
    const result = await run.step(1, 'call', { ...retry, attempts: 1_000, firstMs: 20, maxMs: 20 }, () => {
      attempts++
      return fail ? Promise.reject(new Error('503')) : Promise.resolve('at last')
    })
    return result.ok ? result.value : null
  }
  let worker = await open(schema, { stubborn })
  await worker.start('stubborn', 'run-1', null)
  for (let death = 0; death < 8; death++) {
    const before = attempts
    await until('it to be tried again', () => Promise.resolve(attempts > before + 1))
    worker = await open(schema, { stubborn })
  }
  fail = false
  expect(await worker.outcome('run-1')).toEqual({ status: 'completed', output: 'at last' })
  await worker.close(100)
}, 30_000)

it('a run that gets on a little in each life is no suspect, however many workers it sees die', async () => {
  const schema = await place.schema()
  const workflows = { many: steps(60, 30) }
  const recorded = async (): Promise<number> => (await schema.query('SELECT 1 FROM $schema.steps WHERE kind = \'step\'')).length
  let worker = await open(schema, workflows)
  await worker.start('many', 'run-1', null)
  for (let death = 1; death <= 8; death++) {
    const before = await recorded()
    await until('another step to be recorded', async () => (await recorded()) > before)
    worker = await open(schema, workflows)
    expect(await schema.query('SELECT lost FROM $schema.active WHERE lost >= 3')).toEqual([])
  }
  expect(await worker.outcome('run-1')).toEqual({ status: 'completed', output: 60 })
  await worker.close(100)
}, 30_000)

it('a worker that leaves in good order has not died', async () => {
  const schema = await place.schema()
  const long: WorkflowBody = async (run) => {
    await run.step(1, 'long', retry, () => never)
    return null
  }
  for (let life = 0; life < 7; life++) {
    const worker = await open(schema, { long })
    await worker.start('long', 'run-1', null)
    await worker.close(10)
  }
  expect(await schema.query('SELECT lost, strikes FROM $schema.active')).toEqual([{ lost: 0, strikes: 0 }])
}, 30_000)
