// Long waits leave memory: whatever ends a wait brings the run back, once, however it races with the parking.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WorkflowBody } from './engine/index.ts'
import { pause, retry, startPlace, until, type Place, type Schema } from './testing/store.ts'

let place: Place
beforeAll(async () => {
  place = await startPlace()
})
afterAll(() => place[Symbol.asyncDispose]())

const waits: WorkflowBody = async (run) => {
  const before = await run.step(1, 'before', retry, () => Promise.resolve('before'))
  const got = await run.signal(2, 'go')
  const after = await run.step(3, 'after', retry, () => Promise.resolve('after'))
  return [before, got, after].map((part) => JSON.stringify(part))
}
const parked = (schema: Schema): Promise<number> => schema.query('SELECT count(*)::int AS n FROM $schema.waiting').then(([row]) => row!['n'] as number)

describe('a wait that lasts', () => {
  it('leaves memory, and a signal brings the run back to go on where it was', async () => {
    const schema = await place.schema()
    const worker = await schema.open({ as: 'app', workflows: { waits }, parkAfterMs: 100 })
    await worker.start('waits', 'run-1', null)
    const outcome = worker.outcome('run-1')
    await until('the run to be parked', async () => (await parked(schema)) === 1)
    expect(await schema.query('SELECT id, awaits, wake_at FROM $schema.waiting')).toEqual([{ id: 'run-1', awaits: 'signal go', wake_at: null }])
    await worker.signal('run-1', 'other', null, 's0')
    await pause(200)
    expect(await parked(schema)).toBe(1)
    await worker.signal('run-1', 'go', 7, 's1')
    expect(await outcome).toMatchObject({ status: 'completed' })
    expect(await schema.query('SELECT seq, kind FROM $schema.steps WHERE id = \'run-1\' AND seq BETWEEN 1 AND 3 ORDER BY seq')).toEqual([{ seq: 1, kind: 'step' }, { seq: 2, kind: 'signal' }, { seq: 3, kind: 'step' }])
    await worker.close(100)
  })

  it('ends by its time-out, never early, though nobody holds the run', async () => {
    const schema = await place.schema()
    const patient: WorkflowBody = async (run) => await run.signal(1, 'go', 900)
    const worker = await schema.open({ as: 'app', workflows: { patient }, parkAfterMs: 50 })
    const began = performance.now()
    await worker.start('patient', 'run-1', null)
    await until('the run to be parked', async () => (await parked(schema)) === 1)
    expect(await worker.outcome('run-1')).toEqual({ status: 'completed', output: 'timeout' })
    const tookMs = performance.now() - began
    expect(tookMs).toBeGreaterThanOrEqual(900)
    expect(tookMs).toBeLessThan(2_500)
    await worker.close(100)
  })

  it('ends by a cancel, and the body compensates', async () => {
    const schema = await place.schema()
    const saga: WorkflowBody = async (run) => {
      try {
        return await run.signal(1, 'go')
      } catch (error) {
        await run.uncancellable(async () => void await run.step(2, 'refund', retry, () => Promise.resolve(null)))
        throw error
      }
    }
    const worker = await schema.open({ as: 'app', workflows: { saga }, parkAfterMs: 50 })
    await worker.start('saga', 'run-1', null)
    await until('the run to be parked', async () => (await parked(schema)) === 1)
    await worker.cancel('run-1')
    expect(await worker.outcome('run-1')).toEqual({ status: 'cancelled' })
    expect(await schema.query('SELECT name FROM $schema.steps WHERE kind = \'step\'')).toEqual([{ name: 'refund' }])
    await worker.close(100)
  })

  it('of a parent ends with its child, when both had left', async () => {
    const schema = await place.schema()
    const parent: WorkflowBody = async (run) => await Promise.all([run.child(1, 'waits', null), run.child(2, 'waits', null)]) as never
    const worker = await schema.open({ as: 'app', workflows: { parent, waits }, parkAfterMs: 50 })
    await worker.start('parent', 'run-1', null)
    await until('all three to be parked', async () => (await parked(schema)) === 3)
    await worker.signal('run-1/1', 'go', 1, 's1')
    await until('the first child to end', async () => (await worker.outcomes(['run-1/1'])).get('run-1/1')!.status === 'completed')
    await until('the others to be parked again', async () => (await parked(schema)) === 2)
    await worker.signal('run-1/2', 'go', 2, 's2')
    expect(await worker.outcome('run-1')).toMatchObject({ status: 'completed', output: [{ ok: true }, { ok: true }] })
    await worker.close(100)
  })
})

describe('a cancelled parent that waits for its children', () => {
  it('compensates once, however long they take', async () => {
    const schema = await place.schema()
    let refunds = 0
    let ending = 0
    const slow: WorkflowBody = async (run) => {
      try {
        return await run.signal(1, 'go')
      } finally {
        await run.uncancellable(async () => void await run.step(2, 'tidy', retry, () => pause(1_200 + 300 * ending++).then(() => null)))
      }
    }
    const parent: WorkflowBody = async (run) => {
      try {
        return await Promise.all([run.child(1, 'slow', null), run.child(2, 'slow', null)]) as never
      } catch (error) {
        await run.uncancellable(async () => void await run.step(3, 'refund', retry, () => Promise.resolve(++refunds)))
        throw error
      }
    }
    const worker = await schema.open({ as: 'app', workflows: { parent, slow }, parkAfterMs: 400 })
    await worker.start('parent', 'run-1', null)
    await until('the children to be there', async () => [...(await worker.outcomes(['run-1/1', 'run-1/2'])).values()].every(({ status }) => status === 'running'))
    await worker.cancel('run-1')
    expect(await worker.outcome('run-1')).toEqual({ status: 'cancelled' })
    await pause(300)
    expect(refunds).toBe(1)
    await worker.close(100)
  })
})

describe('parking at once, all the time', () => {
  it('loses no signal, no child and no time-out, and records nothing twice', async () => {
    const schema = await place.schema()
    const child: WorkflowBody = async (run) => await run.signal(1, 'go', 20_000)
    const busy: WorkflowBody = async (run) => {
      const got: unknown[] = []
      for (let seq = 1; seq <= 8; seq += 2) {
        got.push(await run.signal(seq, 'go', 20_000))
        got.push(await run.step(seq + 1, 'work', retry, () => Promise.resolve(seq)))
      }
      got.push(await run.child(9, 'child', null))
      await run.sleep(10, 30)
      return got as never
    }
    const workflows = { busy, child }
    const workers = [await schema.open({ as: 'a', workflows, parkAfterMs: 0 }), await schema.open({ as: 'b', workflows, parkAfterMs: 0 })]
    const ids = Array.from({ length: 60 }, (_, i) => `run-${i}`)
    await Promise.all(ids.map((id, i) => workers[i % 2]!.start('busy', id, null)))
    const outcomes = Promise.all(ids.map((id, i) => workers[(i >> 1) % 2]!.outcome(id)))
    await until('some to be parked', async () => (await parked(schema)) > 20)
    // Signals as they come, at any moment of a run's coming and going.
    await Promise.all(ids.map(async (id, i) => {
      for (let n = 0; n < 4; n++) {
        await pause((i * 37 + n * 61) % 150)
        await workers[(i + n) % 2]!.signal(id, 'go', n, `s${n}`)
      }
    }))
    await Promise.all(ids.map(async (id) => {
      await until(`the child of ${id}`, async () => (await workers[0]!.outcomes([`${id}/9`])).get(`${id}/9`)!.status !== 'absent', 20_000)
      await workers[1]!.signal(`${id}/9`, 'go', 'child', 'c')
    }))
    for (const outcome of await outcomes) {
      expect(outcome.status).toBe('completed')
      const got = (outcome as unknown as { output: unknown[] }).output
      expect(got.filter((_, i) => i % 2 === 0 && i < 8).map((part) => (part as { got: number }).got).sort()).toEqual([0, 1, 2, 3])
      expect(got[8]).toEqual({ ok: true, value: { got: 'child' } })
    }
    expect(await schema.query('SELECT count(*)::int AS n FROM $schema.active')).toEqual([{ n: 0 }])
    for (const worker of workers) await worker.close(100)
  }, 60_000)
})
