// Kills and stops: what was recorded stays, what was in flight runs again, and the control loses everything.
import assert from 'node:assert/strict'
import type { FailPoint } from '../../contract/driver.ts'
import type { Instruction } from '../../scenarios/script/workflow.ts'
import type { Fleet } from './fleet.ts'
import type { Lab } from './lab.ts'
import { endMs, probe, startScript, until, valueOf, type Case } from './case.ts'
import type { Json } from '../../contract/json.ts'

const body: readonly Instruction[] = [probe('one'), probe('two'), probe('three')]
const values = [{ value: 'one' }, { value: 'two' }, { value: 'three' }]

/** Where the worker dies, and how often the world may then have seen the step at which it died. */
const points: readonly { point: FailPoint; seq: number; attempts: readonly number[] }[] = [
  { point: 'op-begins', seq: 2, attempts: [1] },
  { point: 'before-effect', seq: 2, attempts: [1] },
  { point: 'after-effect', seq: 2, attempts: [2] },
  { point: 'after-return', seq: 2, attempts: [1, 2] },
  { point: 'body-returns', seq: 3, attempts: [1] },
]

export function crashes(lab: Lab): Case[] {
  const { capabilities, promises } = lab.driver
  const forgets = promises.recovery.value.who === 'nobody'
  const verb = forgets ? 'loses a run' : 'recovers'

  /** What the world must have seen of steps that nobody interrupted. */
  const once = (id: string, seqs: readonly number[]): void => {
    for (const seq of seqs) assert.equal(lab.attempts(id, seq), 1, `expected step ${seq} of ${id} to be attempted once, found ${lab.attempts(id, seq)}`)
  }
  const finishes = async (fleet: Fleet, index: number, id: string): Promise<void> => {
    const client = await fleet.client(index)
    if (forgets) assert.deepEqual(await client.now(id), { status: 'absent' })
    else assert.deepEqual(valueOf(await client.outcome(id, endMs)), values)
  }

  return [
    ...points.map(({ point, seq, attempts }): Case => ({
      name: `${verb} when its worker is killed at ${point} and comes back`,
      run: () => {
        const id = lab.nextId()
        return lab.own(async (fleet) => {
          await fleet.start(0)
          await startScript(await fleet.client(), id, body)
          await fleet.firstDeath()
          await fleet.start(0, 'same')
          await finishes(fleet, 0, id)
          if (forgets) return
          once(id, [1, 2, 3].filter((s) => s !== seq))
          assert.ok(attempts.includes(lab.attempts(id, seq)), `expected ${attempts.join(' or ')} attempts of step ${seq}, found ${lab.attempts(id, seq)}`)
          assert.equal(lab.ledger(id, seq).filter((line) => line.k === 'applied').length, 1, 'a keyed effect is applied once')
        }, [{ workflowId: id, seq, point }])
      },
    })),
    { name: `${verb} when its worker is killed for good${lab.driver.promises.recovery.value.who === 'operator' ? ', once the operator says so' : ''}`, run: () => {
      const id = lab.nextId()
      return lab.own(async (fleet) => {
        await fleet.start(0)
        await startScript(await fleet.client(), id, body)
        await fleet.firstDeath()
        const lost = fleet.identity(0)
        await fleet.start(1)
        await lab.deployment.recover?.([lost])
        await finishes(fleet, 1, id)
        if (!forgets) once(id, [1, 3])
      }, [{ workflowId: id, seq: 2, point: 'after-effect' }])
    } },
    { name: 'hands a dead worker\'s run to a living one', needs: 'takeover', run: () => {
      const id = lab.nextId()
      return lab.own(async (fleet) => {
        await fleet.start(0)
        await fleet.start(1)
        await startScript(await fleet.client(0), id, body)
        // Where work is queued, either worker may take the step; the one that does dies at it.
        const dead = await fleet.firstDeath()
        await lab.deployment.recover?.([fleet.identity(dead)])
        await finishes(fleet, 1 - dead, id)
        once(id, [1, 3])
      }, [{ workflowId: id, seq: 2, point: 'before-effect' }])
    } },
    { name: 'serves two workers at once', run: () => lab.own(async (fleet) => {
      await fleet.start(0)
      await fleet.start(1)
      const clients = [await fleet.client(0), await fleet.client(1)]
      const ids = Array.from({ length: 12 }, () => lab.nextId())
      await Promise.all(ids.map((id, i) => startScript(clients[i % 2]!, id, body)))
      await Promise.all(ids.map(async (id, i) => assert.deepEqual(valueOf(await clients[i % 2]!.outcome(id, endMs)), values)))
      for (const id of ids) once(id, [1, 2, 3])
      // The volatile control alone keeps its runs from other workers, and says so.
      for (const [i, id] of ids.entries()) assert.equal((await clients[(i + 1) % 2]!.now(id)).status, forgets ? 'absent' : 'completed')
      if (forgets) return
      const both = lab.nextId()
      const answers = await Promise.all(clients.map((client) => client.start('script', both, body as unknown as Json)))
      assert.deepEqual(answers.toSorted(), ['existing', 'started'])
      assert.deepEqual(valueOf(await clients[1]!.outcome(both, endMs)), values)
      once(both, [1, 2, 3])
    }) },
    ...(lab.restartStore === undefined ? [] : [{ name: 'outlives a kill of its store, step and wait included', run: () => lab.own(async (fleet: Fleet) => {
      await fleet.start(0)
      const client = await fleet.client()
      const [stepping, waiting, later] = [lab.nextId(), lab.nextId(), lab.nextId()]
      await startScript(client, stepping, [probe('one'), probe('two', { delayMs: 1_500 }), probe('three')])
      await startScript(client, waiting, [probe('one'), { signal: 'go', timeoutMs: 60_000 }])
      await until('the second step began', () => lab.attempts(stepping, 2) === 1 && lab.attempts(waiting, 1) === 1)
      await lab.restartStore!()
      assert.deepEqual(valueOf(await client.outcome(stepping, endMs)), values)
      once(stepping, [1, 3])
      await client.signal(waiting, 'go', 'still there?', `${waiting}/s1`)
      assert.deepEqual(valueOf(await client.outcome(waiting, endMs)), [{ value: 'one' }, { got: 'still there?' }])
      await startScript(client, later, body)
      assert.deepEqual(valueOf(await client.outcome(later, endMs)), values)
      assert.ok(fleet.alive(0), 'expected the worker to live on, but it ended')
    }) }]),
    { name: `stops cleanly in mid-run${forgets ? ', and forgets it' : ' and goes on after the restart'}`, run: () => lab.own(async (fleet) => {
      await fleet.start(0)
      const id = lab.nextId()
      await startScript(await fleet.client(), id, [probe('one'), probe('two', { delayMs: 1_000 }), probe('three')])
      await until('the second step began', () => lab.attempts(id, 2) === 1)
      const exit = await fleet.stop(0)
      assert.deepEqual({ code: exit.code, signal: exit.signal }, { code: 0, signal: null })
      await fleet.start(0, 'same')
      await finishes(fleet, 0, id)
      if (!forgets) once(id, [1, 3])
    }) },
    { name: forgets ? 'knows nothing after a restart' : 'tells the same outcome after a restart, and still knows the id', run: () => lab.own(async (fleet) => {
      await fleet.start(0)
      const id = lab.nextId()
      const client = await fleet.client()
      await startScript(client, id, body)
      const outcome = await client.outcome(id, endMs)
      await fleet.stop(0)
      await fleet.start(0, 'same')
      const after = await fleet.client()
      if (forgets) return assert.deepEqual(await after.now(id), { status: 'absent' })
      assert.deepEqual(await after.now(id), outcome)
      assert.deepEqual(await after.outcome(id, endMs), outcome)
      if (capabilities['start-dedup'] !== 'absent') assert.equal(await after.start('script', id, body as unknown as Json), 'existing')
      once(id, [1, 2, 3])
    }) },
  ]
}
