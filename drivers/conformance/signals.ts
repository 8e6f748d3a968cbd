// Signals: sent before, during and after the wait, twice, and not at all.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { isNamed } from '../../contract/errors.ts'
import type { Instruction } from '../../scenarios/script/workflow.ts'
import { endMs, play, probe, startScript, traceOf, until, valueOf, type Case } from './case.ts'
import type { Lab } from './lab.ts'

const wait: Instruction = { signal: 'go', timeoutMs: 30_000 }

export function signals(lab: Lab): Case[] {
  return [
    { name: 'keeps a signal that comes before the wait', needs: 'signal-early', run: async () => {
      const client = await (await lab.shared()).client()
      const id = lab.nextId()
      await startScript(client, id, [probe('slow', { delayMs: 800 }), wait])
      await client.signal(id, 'go', { n: 1 }, `${id}/s1`)
      const outcome = await client.outcome(id, endMs)
      assert.deepEqual(valueOf(outcome), [{ value: 'slow' }, { got: { n: 1 } }])
      assert.deepEqual(traceOf(outcome)[1], { wait: 'go', signalId: `${id}/s1`, timeoutMs: 30_000 })
    } },
    { name: 'wakes a run by a signal during the wait', needs: 'signal-once', run: async () => {
      const client = await (await lab.shared()).client()
      const id = lab.nextId()
      await startScript(client, id, [probe('quick'), wait])
      await until('the step before the wait was answered', () => lab.ledger(id, 1).some((line) => line.k === 'replied'))
      await sleep(500)
      await client.signal(id, 'go', 'now', `${id}/s1`)
      assert.deepEqual(valueOf(await client.outcome(id, endMs)), [{ value: 'quick' }, { got: 'now' }])
    } },
    { name: 'waits for a signal without a time-out', needs: 'signal-once', run: async () => {
      const client = await (await lab.shared()).client()
      const id = lab.nextId()
      await startScript(client, id, [{ signal: 'go' }])
      await sleep(500)
      await client.signal(id, 'go', null, `${id}/s1`)
      assert.deepEqual(valueOf(await client.outcome(id, endMs)), [{ got: null }])
    } },
    { name: 'is not disturbed by a signal after the wait, or after the end', needs: 'signal-once', run: async () => {
      const client = await (await lab.shared()).client()
      const id = lab.nextId()
      await startScript(client, id, [wait, probe('slow', { delayMs: 800 })])
      await client.signal(id, 'go', 'first', `${id}/s1`)
      await until('the wait is over', () => lab.attempts(id, 2) === 1)
      await client.signal(id, 'go', 'late', `${id}/s2`)
      const outcome = await client.outcome(id, endMs)
      assert.deepEqual(valueOf(outcome), [{ got: 'first' }, { value: 'slow' }])
      await client.signal(id, 'go', 'later', `${id}/s3`).catch((error: unknown) => assert.ok(isNamed(error, 'Rejected'), `expected acceptance or Rejected, found ${String(error)}`))
      assert.deepEqual(await client.now(id), outcome)
    } },
    { name: 'gives signals of one name to successive waits, each once, however often it was sent', needs: 'signal-dedup', run: async () => {
      const client = await (await lab.shared()).client()
      const id = lab.nextId()
      await startScript(client, id, [wait, { signal: 'other', timeoutMs: 30_000 }, wait, { signal: 'go', timeoutMs: 300 }])
      await client.signal(id, 'go', 1, `${id}/s1`)
      await client.signal(id, 'go', 1, `${id}/s1`)
      await sleep(50) // an engine orders signals by its clock, which may count in milliseconds
      await client.signal(id, 'go', 2, `${id}/s2`)
      await client.signal(id, 'other', 3, `${id}/s3`)
      assert.deepEqual(valueOf(await client.outcome(id, endMs)), [{ got: 1 }, { got: 3 }, { got: 2 }, 'timeout'])
    } },
    { name: 'ends a wait at its time-out', needs: 'signal-once', run: async () => {
      assert.deepEqual(valueOf(await play(lab, [{ signal: 'never', timeoutMs: 300 }])), ['timeout'])
    } },
    { name: 'rejects a signal to a run that does not exist', needs: 'signal-once', run: async () => {
      const client = await (await lab.shared()).client()
      await assert.rejects(client.signal(lab.nextId(), 'go', 1, 'nobody/s1'), { name: 'Rejected' })
    } },
    { name: 'accepts a signal while the run\'s worker is dead, or says that it did not', needs: 'signal-once', run: () => lab.own(async (fleet) => {
      // Embedded, the only door into a dead worker's run is another worker's app.
      const embedded = lab.driver.placement === 'embedded'
      await fleet.start(0)
      if (embedded) await fleet.start(1)
      const id = lab.nextId()
      await startScript(await fleet.client(0), id, [probe('before'), { signal: 'go', timeoutMs: 60_000 }])
      await until('the step before the wait was answered', () => lab.ledger(id, 1).some((line) => line.k === 'replied'))
      await sleep(300)
      await fleet.kill(0)
      const door = await fleet.client(embedded ? 1 : 0)
      const sent = door.signal(id, 'go', 'anyone?', `${id}/s1`)
      if (lab.driver.promises.recovery.value.who === 'nobody') return assert.rejects(sent, { name: 'Rejected' })
      await sent
      await fleet.start(0, 'same')
      assert.deepEqual(valueOf(await (await fleet.client(0)).outcome(id, endMs)), [{ value: 'before' }, { got: 'anyone?' }])
    }) },
  ]
}
