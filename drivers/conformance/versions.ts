// Two versions of the code side by side: each run goes on with the one that began it, or waits for a worker that has it.
import assert from 'node:assert/strict'
import type { AppClient } from './app-client.ts'
import { endMs, until, valueOf, type Case } from './case.ts'
import type { Lab } from './lab.ts'

const next = '2'

export function versions(lab: Lab): Case[] {
  const begin = async (client: AppClient, id: string): Promise<void> => {
    assert.equal(await client.start('upgrade', id, { customer: 'someone@example.org', approvalTimeoutMs: 120_000 }), 'started')
  }
  const approve = (client: AppClient, id: string): Promise<null> => client.signal(id, 'approval', { approve: true }, `${id}/approval`)
  /** The world's lines of a run, step by step. */
  const steps = (id: string): string[] => [1, 2, 3, 4, 5].flatMap((seq) => lab.ledger(id, seq).flatMap((line) => (line.k === 'attempt' ? [line.step] : [])))

  return [{ name: 'goes on with the version that began a run, and waits for a worker that has it', needs: 'upgrade', run: () => lab.own(async (fleet) => {
    const [old, young] = [lab.nextId(), lab.nextId()]
    await fleet.start(0)
    await begin(await fleet.client(0), old)
    await until('the old version drafted', () => steps(old).length === 1)
    await fleet.start(1, 'fresh', next)
    const client = await fleet.client(1)
    await begin(client, young)
    await until('the next version checked its draft', () => steps(young).length === 2)
    await fleet.stop(0)
    await approve(client, old)
    await approve(client, young)
    assert.deepEqual(valueOf(await client.outcome(young, endMs)), { version: next, approved: true })
    assert.deepEqual(steps(young), ['draft-2', 'check-2', 'send-2', 'file-2'])
    assert.deepEqual(steps(old), ['draft-1'], 'a run of the old version must wait for a worker of it')
    await fleet.start(0, 'same')
    assert.deepEqual(valueOf(await (await fleet.client(0)).outcome(old, endMs)), { version: '1', approved: true })
    assert.deepEqual(steps(old), ['draft-1', 'send-1'])
  }) }]
}
