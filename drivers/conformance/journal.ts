// The journal: every op of a run that ended is there, with the nonce that the run's own trace holds. The run is made of what
// the driver can do.
import assert from 'node:assert/strict'
import type { Capability } from '../../contract/driver.ts'
import type { JournalEntry } from '../../contract/logs.ts'
import type { Instruction } from '../../scenarios/script/workflow.ts'
import { endMs, probe, startScript, traceOf, type Case } from './case.ts'
import type { Lab } from './lab.ts'

interface Part {
  readonly needs: readonly Capability[]
  readonly instruction: Instruction
  readonly kinds: readonly JournalEntry['kind'][]
}

const parts: readonly Part[] = [
  { needs: ['step'], instruction: probe('one'), kinds: ['step'] },
  { needs: ['signal-once'], instruction: { signal: 'go', timeoutMs: 20_000 }, kinds: ['signal'] },
  { needs: ['all', 'child'], instruction: { all: [{ step: 'probe', input: { value: 'a' } }, { child: 'script', input: [probe('in the child')] as never }, { step: 'probe', input: { value: 'b' } }] }, kinds: ['step', 'child', 'step'] },
  { needs: ['signal-once'], instruction: { signal: 'never', timeoutMs: 100 }, kinds: ['signal'] },
  { needs: ['sleep'], instruction: { sleepMs: 50 }, kinds: ['timer'] },
  { needs: ['step'], instruction: probe('last'), kinds: ['step'] },
]

export function journal(lab: Lab): Case[] {
  const can = (capability: Capability): boolean => lab.driver.capabilities[capability] !== 'absent'
  const hasNone: Case = { name: 'has an empty journal, as it declares', run: async () => {
    for await (const entry of lab.deployment.journal([lab.nextId()])) assert.fail(`expected no entry, found ${JSON.stringify(entry)}`)
  } }
  return [
    ...(can('journal') ? [] : [hasNone]),
    { name: 'journals every op of a run, its children\'s too', needs: 'journal', run: async () => {
      const client = await (await lab.shared()).client()
      const id = lab.nextId()
      const body = parts.filter(({ needs }) => needs.every(can))
      await startScript(client, id, body.map(({ instruction }) => instruction))
      if (can('signal-once')) await client.signal(id, 'go', 1, `${id}/s1`)
      const trace = traceOf(await client.outcome(id, endMs))
      const entries: JournalEntry[] = []
      for await (const entry of lab.deployment.journal([id])) entries.push(entry)

      const own = entries.filter((entry) => entry.workflowId === id && entry.seq > 0).toSorted((a, b) => a.seq - b.seq)
      const expected = body.flatMap(({ kinds }) => kinds).map((kind, i) => `${i + 1} ${kind}`)
      assert.deepEqual(own.map(({ seq, kind }) => `${seq} ${kind}`), expected)
      for (const { seq, nonce, kind } of own) if (kind === 'step') assert.equal(nonce, trace[seq - 1], `seq ${seq}: the journal's nonce should be the trace's`)
      assert.ok(own.every(({ kind, effectId }) => kind !== 'step' || effectId !== undefined), 'steps with an effect have its id')
      if (can('signal-once')) assert.deepEqual(own.flatMap(({ kind, signalId }) => (kind === 'signal' ? [signalId] : [])), [`${id}/s1`, undefined])

      const children = own.filter(({ kind }) => kind === 'child').map(({ seq }) => `${id}/${seq}`)
      for (const run of [id, ...children]) {
        const kinds = entries.filter((entry) => entry.workflowId === run).map((entry) => entry.kind)
        assert.equal(kinds.filter((kind) => kind === 'start').length, 1, `${run} has one start`)
        assert.equal(kinds.filter((kind) => kind === 'end').length, 1, `${run} has one end`)
      }
      for (const child of children) assert.equal(entries.filter((entry) => entry.workflowId === child && entry.kind === 'step' && entry.nonce !== undefined).length, 1)
    } },
  ]
}
