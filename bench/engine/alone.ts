// The engine's own figure: its library in this process, a body that does nothing but steps, and clients that are function calls.
import { migrate, Worker, type WorkflowBody } from '../../drivers/homegrown/engine/index.ts'
import { payloadBytes, stepsPerRun } from './points.ts'
import { keepGoing, rateOf } from './rate.ts'
import type { Figures, SoloSettings } from './solo.ts'

interface Settings extends SoloSettings {
  readonly worker: number
  readonly inFlight: number
}

export const schema = 'alone'
export const pollMs = 100
export const policy = { attempts: 1, firstMs: 0, factor: 1, maxMs: 0 }

export async function measure({ url, worker: index, inFlight, ...window }: Settings): Promise<Figures> {
  await migrate(url, schema)
  const result = 'x'.repeat(payloadBytes)
  let steps = 0
  const body: WorkflowBody = async (run) => {
    for (let seq = 1; seq <= stepsPerRun; seq++) {
      await run.step(seq, 'noop', policy, () => Promise.resolve(result))
      steps++
    }
    return stepsPerRun
  }
  const worker = await openWorker(url, `worker${index}`, body)
  keepGoing(inFlight, async (n) => {
    const id = `alone${index}-${n}`
    await worker.start('steps', id, null)
    await worker.outcome(id)
  })
  return { perSecond: await rateOf(() => steps, window) }
}

export function openWorker(url: string, identity: string, body: WorkflowBody, settings: { readonly parkAfterMs?: number } = {}): Promise<Worker> {
  return Worker.open({
    url, schema, leaseMs: 3_000, pollMs, identity, ...settings,
    incarnation: `${identity}-${process.pid}`,
    workflows: new Map([['steps', body]]),
    onLost: (why) => {
      throw new Error(`the worker stopped: ${why}`)
    },
  })
}
