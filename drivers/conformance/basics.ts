// Cases without faults: what a run may do, and that its values survive the engine's serialiser.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Json } from '../../contract/json.ts'
import type { Instruction } from '../../scenarios/script/workflow.ts'
import { endMs, failureOf, play, probe, startScript, until, valueOf, type Case } from './case.ts'
import type { Lab } from './lab.ts'

const oddValues: Json = {
  texts: ['', 'ß 漢字 🦊 \u0000 \u001f \u2028 "\\', 'x'.repeat(65_536)],
  numbers: [0, -1, 0.1, 1e21, 5e-324, Number.MAX_VALUE, Number.MAX_SAFE_INTEGER],
  others: [null, true, false, [], {}, [[[null]]]],
  keys: { '': 1, 'a.b': { 'c d': 2 }, json: { meta: { values: [] } }, '0': 'zero' },
}

export function basics(lab: Lab): Case[] {
  return [
    { name: 'runs a step and tells its outcome', run: async () => {
      assert.deepEqual(valueOf(await play(lab, [probe('hello')])), [{ value: 'hello' }])
    } },
    { name: 'knows nothing of a run that was never started', run: async () => {
      const client = await (await lab.shared()).client()
      assert.deepEqual(await client.now(lab.nextId()), { status: 'absent' })
    } },
    { name: 'starts one run for ten starts with one id', needs: 'start-dedup', run: async () => {
      const client = await (await lab.shared()).client()
      const id = lab.nextId()
      const answers = await Promise.all(Array.from({ length: 10 }, () => client.start('script', id, [probe('once')])))
      assert.equal(answers.filter((answer) => answer === 'started').length, 1, `expected one 'started', found ${answers.join(' ')}`)
      valueOf(await client.outcome(id, endMs))
      assert.equal(await client.start('script', id, [probe('once')]), 'existing')
      assert.equal(lab.attempts(id, 1), 1)
    } },
    { name: 'gives every JSON value back as it was', run: async () => {
      assert.deepEqual(valueOf(await play(lab, [{ step: 'echo', input: oddValues }])), [oddValues])
    } },
    { name: 'carries payloads of half a megabyte', run: async () => {
      const input = 'y'.repeat(512 * 1024)
      assert.equal((valueOf(await play(lab, [{ step: 'echo', input }])) as string[])[0], input)
    } },
    { name: 'sleeps, and never wakes early by the world\'s clock', needs: 'sleep', run: async () => {
      const id = lab.nextId()
      valueOf(await play(lab, [probe('before'), { sleepMs: 700 }, probe('after')], id))
      const asleepMs = lab.ledger(id, 3)[0]!.t - lab.ledger(id, 1).at(-1)!.t
      assert.ok(asleepMs >= 700, `expected at least 700 ms of sleep, found ${asleepMs}`)
      assert.ok(asleepMs < 10_000, `expected to wake within 10 s, found ${asleepMs} ms`)
    } },
    { name: 'settles a hundred branches in the order in which they were given', needs: 'all', run: async () => {
      const ops = Array.from({ length: 100 }, (_, i) => (i === 50 ? { step: 'refuse', input: i } : { step: 'echo', input: i }))
      const expected = ops.map((_, i) => (i === 50 ? { failed: 'refused' } : { ok: i }))
      assert.deepEqual(valueOf(await play(lab, [{ all: ops }])), [expected])
    } },
    { name: 'runs children, alone, nested and beside steps', needs: 'child', run: async () => {
      const nested: Instruction = { child: [probe('child'), { child: [probe('grandchild')] }] }
      const beside: Instruction = { all: [{ child: 'script', input: [probe('a')] as unknown as Json }, { step: 'probe', input: { value: 'b' } }, { child: 'script', input: [probe('c')] as unknown as Json }] }
      assert.deepEqual(valueOf(await play(lab, [nested, beside, probe('last')])), [
        [{ value: 'child' }, [{ value: 'grandchild' }]],
        [{ ok: [{ value: 'a' }] }, { ok: { value: 'b' } }, { ok: [{ value: 'c' }] }],
        { value: 'last' },
      ])
    } },
    { name: 'tells a parent how its child failed', needs: 'child', run: async () => {
      const child = (step: string): Instruction => ({ attempt: { child: 'script', input: [{ step, input: 1 }] } })
      assert.deepEqual(valueOf(await play(lab, [child('refuse'), child('throw')])), [{ failed: 'refused' }, { failed: 'exhausted' }])
    } },
    { name: 'retries a step until it succeeds', run: async () => {
      const id = lab.nextId()
      assert.deepEqual(valueOf(await play(lab, [probe('third time', { failures: 2 })], id)), [{ value: 'third time' }])
      assert.equal(lab.attempts(id, 1), 3)
    } },
    { name: 'does not retry a step that the world refused', run: async () => {
      const id = lab.nextId()
      assert.deepEqual(valueOf(await play(lab, [{ attempt: probe('no', { refuse: true }) as never }], id)), [{ failed: 'refused' }])
      assert.equal(lab.attempts(id, 1), 1)
      assert.equal(failureOf(await play(lab, [probe('no', { refuse: true })])).code, 'refused')
    } },
    { name: 'gives up when the retry policy is exhausted', run: async () => {
      assert.deepEqual(valueOf(await play(lab, [{ attempt: { step: 'throw', input: 1 } }])), [{ failed: 'exhausted' }])
      assert.equal(failureOf(await play(lab, [{ step: 'throw', input: 1 }])).code, 'exhausted')
    } },
    { name: 'cancels a run that waits for a signal, and starts nothing after it', needs: 'cancel', run: () => cancelsDuring(lab, { signal: 'never' }) },
    { name: 'cancels a run that sleeps, and starts nothing after it', needs: 'cancel', run: () => cancelsDuring(lab, { sleepMs: 60_000 }) },
    ...(['transact', 'uncancellable', 'renew'] as const).filter((capability) => lab.driver.capabilities[capability] === 'absent').map((capability): Case => ({
      name: `says that ${capability} is absent when a run asks for it`,
      run: async () => {
        const asks = { transact: { transact: 'insert', input: 1 }, uncancellable: { uncancellable: [] }, renew: { renew: [] } }[capability] as Instruction
        const { code, message } = failureOf(await play(lab, [asks]))
        assert.equal(code, 'Unsupported')
        assert.match(message, new RegExp(`'${capability}' absent`))
      },
    })),
    { name: 'commits a transaction\'s effect with its record', needs: 'transact', run: async () => {
      const rows = valueOf(await play(lab, [{ transact: 'insert', input: { cents: 5 } }, { transact: 'insert', input: 2 }]))
      assert.deepEqual(rows, [[{ value: '{"cents":5}' }], [{ value: '2' }]])
    } },
    { name: 'finishes what is uncancellable before a cancel takes hold', needs: 'uncancellable', run: async () => {
      const client = await (await lab.shared()).client()
      const id = lab.nextId()
      await startScript(client, id, [{ uncancellable: [probe('first', { delayMs: 500 }), probe('second')] }, probe('third')])
      await until('the first step began', () => lab.attempts(id, 1) === 1)
      await client.cancel(id)
      assert.deepEqual(await client.outcome(id, endMs), { status: 'cancelled' })
      assert.equal(lab.attempts(id, 2), 1)
      assert.equal(lab.attempts(id, 3), 0)
    } },
    { name: 'continues as new', needs: 'renew', run: async () => {
      const id = lab.nextId()
      const client = await (await lab.shared()).client()
      await startScript(client, id, [probe('old'), { renew: [probe('new')] }])
      assert.equal((await client.outcome(id, endMs)).status, 'completed')
      // Numbers go on, and so do keys: an effect of the second life is none of the first's.
      assert.deepEqual([lab.attempts(id, 1), lab.attempts(id, 2), lab.attempts(id, 3)], [1, 0, 1])
    } },
  ]
}

async function cancelsDuring(lab: Lab, wait: Instruction): Promise<void> {
  const client = await (await lab.shared()).client()
  const id = lab.nextId()
  await startScript(client, id, [probe('before'), wait, probe('after')])
  await until('the first step was answered', () => lab.ledger(id, 1).some((line) => line.k === 'replied'))
  await sleep(300)
  await client.cancel(id)
  assert.deepEqual(await client.outcome(id, endMs), { status: 'cancelled' })
  assert.deepEqual(await client.now(id), { status: 'cancelled' })
  await sleep(500)
  assert.equal(lab.attempts(id, 3), 0)
}
