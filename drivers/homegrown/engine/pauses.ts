// Operations that wait: for a time, or for a signal with or without one.
import type { Json } from '../../../contract/json.ts'
import type { RunState } from './run-state.ts'
import type { Message } from './store.ts'
import { kind } from './unit.ts'

export async function sleep(run: RunState, seq: number, ms: number): Promise<void> {
  if (run.past(seq, '') !== null) return
  run.idleness.begin()
  try {
    const leftMs = await run.arm(seq, ms)
    await run.idleness.waiting('timer', seq, run.waits.wait(leftMs, null))
    await run.record(seq, kind.slept, '', 'null')
  } finally {
    run.idleness.end()
  }
}

export async function signal(run: RunState, seq: number, name: string, timeoutMs?: number): Promise<{ got: Json } | 'timeout'> {
  const past = run.past(seq, name)
  if (past !== null) return past.kind === kind.timeout ? 'timeout' : { got: past.value }
  run.idleness.begin()
  try {
    const leftMs = timeoutMs === undefined ? Infinity : await run.arm(seq, timeoutMs)
    const timerSeq = timeoutMs === undefined ? null : seq
    let arrived = await message(run, name, leftMs, timerSeq)
    if (arrived === null) {
      if ((await run.record(seq, kind.timeout, name, 'null')) !== 'late') return 'timeout'
      // A message was accepted in time, and has not reached us.
      const arriving = message(run, name, Infinity, null)
      run.owner.redeliver(run)
      arrived = (await arriving)!
    }
    await run.record(seq, kind.signal, name, arrived.payload, { key: arrived.id })
    return { got: JSON.parse(arrived.payload) as Json }
  } finally {
    run.idleness.end()
  }
}

async function message(run: RunState, name: string, leftMs: number, timerSeq: number | null): Promise<Message | null> {
  return run.mailbox.take(name) ?? run.idleness.waiting(`signal ${name}`, timerSeq, run.waits.wait(leftMs, name))
}
