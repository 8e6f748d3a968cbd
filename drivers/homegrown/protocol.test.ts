// The protocol against a real Postgres: what is recorded, once, whatever is cut, stopped or killed.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRelay } from './testing/relay.ts'
import { zombieWith } from './testing/zombie.ts'
import { pause, retry, startPlace, steps, until, type Place, type Schema } from './testing/store.ts'

let place: Place
beforeAll(async () => {
  place = await startPlace()
})
afterAll(() => place[Symbol.asyncDispose]())

/** Every run has a start, its steps and an end, each once and with its own result. */
async function expectWhole(schema: Schema, runs: number, stepsEach: number): Promise<void> {
  const rows = await schema.query(`SELECT count(*)::int AS runs, min(n)::int AS least, max(n)::int AS most, bool_and(own) AS own FROM (
    SELECT wf, count(*) AS n, bool_and(kind <> 1 OR data = seq::text) AS own FROM $schema.journal JOIN $schema.wf_key USING (wf) GROUP BY wf) each_run`)
  expect(rows).toEqual([{ runs, least: stepsEach + 2, most: stepsEach + 2, own: true }])
  expect(await schema.query('SELECT count(*)::int AS left FROM $schema.active')).toEqual([{ left: 0 }])
}

describe('a lost answer', () => {
  it('is found out: nothing is lost, nothing is written twice', async () => {
    const schema = await place.schema()
    await using relay = await startRelay(place.url)
    const worker = await schema.open({ as: 'cut', workflows: { ten: steps(10, 30) }, leaseMs: 10_000, through: relay.url })
    relay.cutAnswers(50)
    const ids = Array.from({ length: 300 }, (_, i) => `run-${i}`)
    const outcomes = await Promise.all(ids.map(async (id) => {
      expect(await worker.start('ten', id, null)).toBe('started')
      return worker.outcome(id)
    }))
    relay.cutAnswers(0)
    expect(relay.cuts).toBeGreaterThan(2)
    expect(outcomes.every((outcome) => outcome.status === 'completed')).toBe(true)
    await worker.close(1_000)
    await expectWhole(schema, 300, 10)
  })

  it('of a statement of the user\'s leaves its effect once', async () => {
    const schema = await place.schema()
    await schema.query('CREATE TABLE $schema.effect (key text)')
    await using relay = await startRelay(place.url)
    const worker = await schema.open({
      as: 'cut', leaseMs: 10_000, through: relay.url,
      workflows: {
        five: async (run) => {
          const rows = []
          for (let seq = 1; seq <= 5; seq++) rows.push(await run.transact(seq, 'insert', { text: `INSERT INTO ${schema.name}.effect VALUES ($1) RETURNING key`, values: [`${run.id}/${seq}`] }))
          return rows as never
        },
      },
    })
    relay.cutAnswers(50)
    await Promise.all(Array.from({ length: 40 }, async (_, i) => {
      await worker.start('five', `run-${i}`, null)
      const outcome = await worker.outcome(`run-${i}`)
      expect(outcome).toMatchObject({ status: 'completed' })
      if (outcome.status === 'completed') expect(outcome.output).toEqual([1, 2, 3, 4, 5].map((seq) => ({ ok: true, value: [{ key: `run-${i}/${seq}` }] })))
    }))
    relay.cutAnswers(0)
    expect(relay.cuts).toBeGreaterThan(2)
    await worker.close(1_000)
    expect(await schema.query('SELECT count(*)::int AS n, count(DISTINCT key)::int AS keys FROM $schema.effect')).toEqual([{ n: 200, keys: 200 }])
  })
})

describe('a poisoned batch', () => {
  it('fails its victim alone', async () => {
    const schema = await place.schema()
    const worker = await schema.open({
      as: 'poisoned',
      workflows: {
        held: async (run) => {
          await run.signal(1, 'go')
          const result = await run.step(2, 'work', retry, () => Promise.resolve('done'))
          return result.ok ? result.value : 'failed'
        },
      },
    })
    const ids = Array.from({ length: 200 }, (_, i) => `run-${i}`)
    await Promise.all(ids.map((id) => worker.start('held', id, null)))
    // Somebody else's row where run-77 is about to record its step.
    await schema.query('INSERT INTO $schema.journal SELECT wf, 2, 1, \'work\', \'"poison"\' FROM $schema.wf_key WHERE key = \'run-77\'')
    await Promise.all(ids.map((id) => worker.signal(id, 'go', null, 'go')))
    const outcomes = await Promise.all(ids.map((id) => worker.outcome(id)))
    expect(outcomes.filter((outcome) => outcome.status === 'completed')).toHaveLength(199)
    expect(outcomes[77]).toMatchObject({ status: 'failed' })
    await worker.close(1_000)
  })

  it('of a user\'s statement fails that statement, and the run goes on', async () => {
    const schema = await place.schema()
    await schema.query('CREATE TABLE $schema.effect (key int PRIMARY KEY)')
    const worker = await schema.open({
      as: 'refused',
      workflows: { one: async (run) => await run.transact(1, 'insert', { text: `INSERT INTO ${schema.name}.effect VALUES (7) RETURNING key`, values: [] }) as never },
    })
    const outcomes = await Promise.all(Array.from({ length: 20 }, async (_, i) => {
      await worker.start('one', `run-${i}`, null)
      return worker.outcome(`run-${i}`)
    }))
    const results = outcomes.map((outcome) => (outcome as unknown as { output: { ok: boolean } }).output.ok)
    expect(results.filter(Boolean)).toHaveLength(1)
    await worker.close(1_000)
  })
})

describe('a worker that was silent for longer than its lease', () => {
  it('records nothing after it wakes, and is told so', async () => {
    const schema = await place.schema()
    const main = fileURLToPath(new URL('./testing/zombie-main.ts', import.meta.url))
    const zombie = spawn(process.execPath, [main, JSON.stringify({ url: place.url, schema: schema.name, leaseMs: 800, runs: 20 })], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      const lines: string[] = []
      createInterface({ input: zombie.stdout }).on('line', (line) => lines.push(line))
      await until('the zombie to start its runs', () => lines.includes('started'), 20_000)
      const heir = await schema.open({ as: 'heir', workflows: { slow: steps(100, 5) }, leaseMs: 800 })
      zombie.kill('SIGSTOP')
      await until('the heir to take over', async () => (await schema.query('SELECT 1 FROM $schema.worker WHERE name = \'zombie\' AND fenced')).length === 1)
      zombie.kill('SIGCONT')
      await until('the zombie to be told', () => lines.some((line) => line.startsWith('lost:')))
      for (let i = 0; i < 20; i++) expect(await heir.outcome(`run-${i}`)).toMatchObject({ status: 'completed' })
      await heir.close(1_000)
      await expectWhole(schema, 20, 100)
    } finally {
      zombie.kill('SIGKILL')
      await once(zombie, 'exit')
    }
  })

  it('can not get a batch in that it had on the way', async () => {
    const { recorded, outcome, lost } = await zombieWith(await place.schema(), {})
    expect(outcome).toEqual({ status: 'completed', output: 'heir' })
    expect(recorded).toBe('"heir"')
    expect(lost).toHaveLength(1)
  })
})

describe('a successor of the same identity', () => {
  it('does not wait for the lease', async () => {
    const schema = await place.schema()
    const lost: string[] = []
    const body = { slow: steps(3, 200) }
    const first = await schema.open({ as: 'app', workflows: body, leaseMs: 60_000, onLost: (why) => lost.push(why) })
    await first.start('slow', 'run-1', null)
    const second = await schema.open({ as: 'app', workflows: body, leaseMs: 60_000 })
    expect(await second.outcome('run-1')).toEqual({ status: 'completed', output: 3 })
    expect(lost).toHaveLength(1)
    await second.close(500)
  })
})

describe('a restart of the store', () => {
  it('loses nothing that was acknowledged, and writes nothing twice', async () => {
    const schema = await place.schema()
    const worker = await schema.open({ as: 'patient', workflows: { thirty: steps(30) } })
    const ids = Array.from({ length: 100 }, (_, i) => `run-${i}`)
    const ends = ids.map(async (id) => {
      await worker.start('thirty', id, null)
      return worker.outcome(id)
    })
    await pause(30)
    await place.store.kill()
    await pause(1_500) // longer than the lease: nobody could renew
    await place.store.start()
    expect((await Promise.all(ends)).every((outcome) => outcome.status === 'completed')).toBe(true)
    await worker.close(1_000)
    await expectWhole(schema, 100, 30)
  })
})
