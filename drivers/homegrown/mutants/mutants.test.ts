// Each mutation does what it is for: else the selftest would prove nothing.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Primitives } from '../../../contract/driver.ts'
import type { WorkflowBody } from '../engine/index.ts'
import { mutate, type Mutation } from './index.ts'
import { zombieWith } from '../testing/zombie.ts'
import { pollMs, quiet, retry, startPlace, until, type Place, type Schema } from '../testing/store.ts'

let place: Place
beforeAll(async () => {
  place = await startPlace()
})
afterAll(() => place[Symbol.asyncDispose]())

const seamsOf = (mutation: Mutation, { url, name }: Schema) => mutate([mutation], { url, schema: name, leaseMs: 1_000, pollMs }).seams

describe('the mutation', () => {
  it('no-fence lets a zombie\'s batch into the journal, against what its heir tells', async () => {
    const schema = await place.schema()
    const { recorded, outcome, lost } = await zombieWith(schema, seamsOf('no-fence', schema))
    expect(outcome).toEqual({ status: 'completed', output: 'heir' })
    expect(recorded).toBe('"zombie"')
    expect(lost).toEqual([])
  })

  it('ack-before-commit acknowledges what the store does not have yet', async () => {
    const schema = await place.schema()
    const waits: WorkflowBody = (run) => run.signal(1, 'go')
    const worker = await schema.open({ as: 'app', workflows: { waits }, seams: seamsOf('ack-before-commit', schema) })
    expect(await worker.start('waits', 'run-1', null)).toBe('started')
    expect(await schema.query('SELECT * FROM $schema.wf_key')).toEqual([])
    await until('the late write', async () => (await schema.query('SELECT * FROM $schema.wf_key')).length === 1)
    await worker.close(100)
  })

  it('rerun-claimed runs a recorded step again after a restart', async () => {
    const schema = await place.schema()
    const attempts: number[] = []
    const body: WorkflowBody = async (run) => {
      for (const seq of [1, 2]) await run.step(seq, 'noted', retry, () => Promise.resolve(attempts.push(seq)))
      return run.signal(3, 'go')
    }
    const first = await schema.open({ as: 'app', workflows: { body } })
    await first.start('body', 'run-1', null)
    await until('both steps', async () => (await schema.query('SELECT 1 FROM $schema.journal WHERE kind = 1')).length === 2)
    await first.close(100)
    const second = await schema.open({ as: 'app', workflows: { body }, seams: seamsOf('rerun-claimed', schema) })
    await second.signal('run-1', 'go', null, 's1')
    await second.outcome('run-1', quiet)
    expect(attempts).toEqual([1, 2, 2])
    await second.close(100)
  })

  it('lose-early-signal drops what nobody waits for yet', async () => {
    const schema = await place.schema()
    const body: WorkflowBody = async (run) => {
      await run.sleep(1, 300)
      return run.signal(2, 'go', 300)
    }
    const worker = await schema.open({ as: 'app', workflows: { body }, seams: seamsOf('lose-early-signal', schema) })
    await worker.start('body', 'run-1', null)
    await worker.signal('run-1', 'go', null, 's1')
    expect(await worker.outcome('run-1')).toEqual({ status: 'completed', output: 'timeout' })
    await worker.close(100)
  })

  it('stale-reply answers the third operation with the second\'s reply', async () => {
    const honest = { run: (ops: Parameters<Primitives['run']>[0]) => Promise.resolve(ops.map((op) => ({ ok: true as const, value: op.seq }))) } as unknown as Primitives
    const lying = mutate(['stale-reply'], { url: '', schema: '', leaseMs: 0, pollMs }).primitives(honest, 'run-1')
    const replies = []
    for (const seq of [1, 2, 3, 4]) replies.push((await lying.run([{ step: 's', input: { i: null, p: [] }, seq, after: seq - 1, key: '' }]))[0])
    expect(replies.map((reply) => (reply as { value: number }).value)).toEqual([1, 2, 2, 4])
  })
})
