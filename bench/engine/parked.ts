// Very many runs that wait for a human: what they cost the worker's memory once it has let go of them, and how long one takes to
// go on and end when its signal comes. Few are signalled, one after the other, as humans do.
import { setTimeout as delay } from 'node:timers/promises'
import { migrate, type WorkflowBody } from '../../drivers/homegrown/engine/index.ts'
import { query } from '../../services/postgres/query.ts'
import { openWorker, policy, pollMs, schema } from './alone.ts'
import type { Figures, SoloSettings } from './solo.ts'

const startedAtOnce = 2_000
const signalled = 200

export async function measure({ url, runs }: SoloSettings & { readonly runs: number }): Promise<Figures> {
  await migrate(url, schema)
  let woken = performance.now()
  const body: WorkflowBody = async (run) => {
    await run.step(1, 'ask', policy, () => Promise.resolve(null))
    await run.signal(2, 'approval')
    woken = performance.now()
    return null
  }
  const worker = await openWorker(url, 'patient', body, { parkAfterMs: 0 })
  const before = heapMB()
  for (let from = 0; from < runs; from += startedAtOnce) {
    await Promise.all(Array.from({ length: Math.min(startedAtOnce, runs - from) }, (_, n) => worker.start('steps', `parked-${from + n}`, null)))
  }
  while (await waiting(url) < runs) await delay(pollMs)
  const grownMB = heapMB() - before
  const latencies: number[] = []
  for (let n = 0; n < signalled; n++) {
    const id = `parked-${Math.floor((n * runs) / signalled)}`
    const sentMs = performance.now()
    await worker.signal(id, 'approval', null, 'human')
    await worker.outcome(id)
    latencies.push(woken - sentMs)
  }
  latencies.sort((a, b) => a - b)
  return { grownMB, p50Ms: latencies[signalled >> 1]!, maxMs: latencies.at(-1)! }
}

/** Runs that have left memory, by the store. */
async function waiting(url: string): Promise<number> {
  const [row] = await query(url, `SELECT count(*)::int AS parked FROM ${schema}.active WHERE awaits IS NOT NULL AND owner < 0`)
  return row!['parked'] as number
}

/** @throws where solo.ts did not start this with --expose-gc */
function heapMB(): number {
  globalThis.gc!()
  return process.memoryUsage().heapUsed / 1e6
}
