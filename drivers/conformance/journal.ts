// The journal: every op of a run that ended is there, with the nonce that the run's own trace holds.
import assert from 'node:assert/strict'
import type { JournalEntry } from '../../contract/logs.ts'
import { endMs, probe, startScript, traceOf, type Case } from './case.ts'
import type { Lab } from './lab.ts'

export function journal(lab: Lab): Case[] {
  const hasNone: Case = { name: 'has an empty journal, as it declares', run: async () => {
    for await (const entry of lab.deployment.journal([lab.nextId()])) assert.fail(`expected no entry, found ${JSON.stringify(entry)}`)
  } }
  return [
    ...(lab.driver.capabilities.journal === 'absent' ? [hasNone] : []),
    { name: 'journals every op of a run, its children\'s too', needs: 'journal', run: async () => {
      const client = await (await lab.shared()).client()
      const id = lab.nextId()
      await startScript(client, id, [
        probe('one'),
        { signal: 'go', timeoutMs: 20_000 },
        { all: [{ step: 'probe', input: { value: 'a' } }, { child: 'script', input: [probe('in the child')] as never }, { step: 'probe', input: { value: 'b' } }] },
        { signal: 'never', timeoutMs: 100 },
        { sleepMs: 50 },
        probe('last'),
      ])
      await client.signal(id, 'go', 1, `${id}/s1`)
      const trace = traceOf(await client.outcome(id, endMs))
      const entries: JournalEntry[] = []
      for await (const entry of lab.deployment.journal([id])) entries.push(entry)

      const own = entries.filter((entry) => entry.workflowId === id && entry.seq > 0).toSorted((a, b) => a.seq - b.seq)
      assert.deepEqual(own.map(({ seq, kind }) => `${seq} ${kind}`), ['1 step', '2 signal', '3 step', '4 child', '5 step', '6 signal', '7 timer', '8 step'])
      for (const { seq, nonce, kind } of own) if (kind === 'step') assert.equal(nonce, trace[seq - 1], `seq ${seq}: the journal's nonce should be the trace's`)
      assert.ok(own.every(({ kind, effectId }) => kind !== 'step' || effectId !== undefined), 'steps with an effect have its id')
      assert.equal(own[1]!.signalId, `${id}/s1`)
      assert.equal(own[5]!.signalId, undefined)

      for (const run of [id, `${id}/4`]) {
        const kinds = entries.filter((entry) => entry.workflowId === run).map((entry) => entry.kind)
        assert.equal(kinds.filter((kind) => kind === 'start').length, 1, `${run} has one start`)
        assert.equal(kinds.filter((kind) => kind === 'end').length, 1, `${run} has one end`)
      }
      assert.equal(entries.filter((entry) => entry.workflowId === `${id}/4` && entry.kind === 'step' && entry.nonce !== undefined).length, 1)
    } },
  ]
}
