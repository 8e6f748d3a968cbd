// A large point of bare steps, written as files: what the oracle's throughput is measured on. Two workers; one is killed
// in the middle with runs in flight, which the other one ends, each with one step done again.
import { createWriteStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { once } from 'node:events'
import { bareRecord } from '../../contract/logs.ts'
import { builtContext } from './context.ts'

/** Returns the number of ledger records. */
export async function writeBarePoint(folder: string, { runs, steps, inFlight }: { runs: number; steps: number; inFlight: number }): Promise<number> {
  writeFileSync(join(folder, 'point.json'), JSON.stringify(builtContext({ scenario: 'bare-steps' })))
  writeFileSync(join(folder, 'world.jsonl'), `${JSON.stringify({ n: 1, t: 1, k: 'end', lines: 1 })}\n`)
  const history = lines(join(folder, 'history.jsonl'))
  const journal = lines(join(folder, 'journal.jsonl'))
  const ledgers = [ledger(1), ledger(2)] as const
  const killedAfter = Math.floor(runs / 2)
  let n = 0
  let t = 10
  let killedMs = 0
  const say = (line: object): Promise<void> => history.write(`${JSON.stringify({ t, n: ++n, ...line })}\n`)
  const end = async (index: number, trace: readonly number[]): Promise<void> => {
    const entries = trace.map((nonce, i) => ({ workflowId: `r-${index}`, kind: 'step', seq: i + 1, inputHash: 1234567, nonce }))
    for (const entry of [{ workflowId: `r-${index}`, kind: 'start', seq: 0 }, ...entries, { workflowId: `r-${index}`, kind: 'end', seq: -1 }]) await journal.write(`${JSON.stringify(entry)}\n`)
    await say({ ph: 'seen', id: `r-${index}`, reader: 'live', outcome: { status: 'completed', output: { value: steps, trace } } })
  }
  const orphans: { index: number; trace: number[] }[] = []
  for (let index = 0; index < runs; index++) {
    if (index === killedAfter) {
      killedMs = t
      t += 500
      for (const { index, trace } of orphans) {
        while (trace.length < steps) trace.push(ledgers[1].step(index, trace.length + 1, trace.at(-1)!, t))
        await end(index, trace)
      }
    }
    const by = ledgers[index < killedAfter && index % 2 === 0 ? 0 : 1]
    t += 0.01
    await say({ ph: 'invoke', op: 'start', id: `r-${index}`, scenario: 'bare-steps', input: { steps, payloadBytes: 200 }, app: 0, intended: t, phase: 'all' })
    await say({ ph: 'ok', call: n, op: 'start', id: `r-${index}`, how: 'started' })
    const trace: number[] = []
    const reached = by === ledgers[0] && index >= killedAfter - inFlight ? steps / 2 : steps
    for (let seq = 1; seq <= reached; seq++) trace.push(by.step(index, seq, trace.at(-1) ?? 0, t))
    if (reached === steps) await end(index, trace)
    else {
      // Done, but not recorded when the worker was killed: the other one does it again.
      by.step(index, reached + 1, trace.at(-1)!, t)
      orphans.push({ index, trace })
    }
  }
  t += 1_000
  await say({ ph: 'end', lines: n + 1 })
  await Promise.all([history.end(), journal.end()])
  const victim = { role: 'worker', slot: 0, incarnation: 'worker0-1' }
  const fault = { k: 'fault', fault: 'kill-1', kind: 'kill', ...victim }
  const other = { role: 'worker', slot: 1, incarnation: 'worker1-2' }
  const faults = [
    { t: 1, k: 'spawned', ...victim, pid: 1 }, { t: 2, k: 'spawned', ...other, pid: 2 },
    { t: killedMs + 1, ...fault, phase: 'applied' }, { t: killedMs + 2, k: 'exited', ...victim, code: null, signal: 'SIGKILL', expected: true },
    { t: killedMs + 300, ...fault, phase: 'healed' }, { t, k: 'exited', ...other, code: 0, signal: null, expected: true },
  ]
  writeFileSync(join(folder, 'faults.jsonl'), [...faults, { t, k: 'end', lines: faults.length + 1 }].map((line, i) => `${JSON.stringify({ n: i + 1, ...line })}\n`).join(''))
  return ledgers[0].write(join(folder, 'bare-worker0-1.bin'), false) + ledgers[1].write(join(folder, 'bare-worker1-2.bin'), true)
}

function lines(path: string): { write(text: string): Promise<void>; end(): Promise<void> } {
  const out = createWriteStream(path, { highWaterMark: 1 << 22 })
  let text = ''
  return {
    async write(line) {
      text += line
      if (text.length < 1 << 20) return
      const chunk = text
      text = ''
      if (!out.write(chunk)) await once(out, 'drain')
    },
    async end() {
      out.end(text)
      await once(out, 'finish')
    },
  }
}

/** Records of one worker, at most 16 steps a tick. */
function ledger(ordinal: number): { step(workflow: number, seq: number, prev: number, atMs: number): number; write(path: string, ended: boolean): number } {
  const { bytes } = bareRecord
  const steps: { workflow: number; seq: number; nonce: number; prev: number; atMs: number }[] = []
  let nonce = ordinal * 2 ** 40
  return {
    step(workflow, seq, prev, atMs) {
      steps.push({ workflow, seq, nonce: nonce++, prev, atMs })
      return nonce - 1
    },
    write(path, ended) {
      const begins = (i: number): boolean => i % 16 === 0 || steps[i]!.atMs - steps[i - 1]!.atMs > 1
      const ticks = steps.filter((_, i) => begins(i)).length
      const out = Buffer.alloc((1 + steps.length + ticks + (ended ? 1 : 0)) * bytes)
      out.write(bareRecord.magic, 0, 'latin1')
      out.writeUInt32LE(1, 4)
      out.write('r', 8, 'latin1')
      let n = 0
      const record = (kind: number): number => {
        const at = ++n * bytes
        out.writeUInt32LE(n, at)
        out[at + 4] = kind
        return at
      }
      steps.forEach((step, i) => {
        if (begins(i)) out.writeDoubleLE(step.atMs, record(bareRecord.tick) + 8)
        const at = record(bareRecord.step)
        out.writeUInt32LE(step.workflow, at + 8)
        out.writeUInt32LE(step.seq, at + 12)
        out.writeDoubleLE(step.nonce, at + 16)
        out.writeDoubleLE(step.prev, at + 24)
      })
      if (ended) out.writeUInt32LE(n + 1, record(bareRecord.end) + 8)
      writeFileSync(path, out)
      return n
    },
  }
}
