// Take-over without the harness: a victim with runs that have one step recorded and hang in their second; and its heir, timed from
// its first call to the second step of the last run.
import { migrate, type WorkflowBody } from '../../drivers/homegrown/engine/index.ts'
import { openWorker, policy, schema } from './alone.ts'
import { payloadBytes } from './points.ts'
import type { Figures, SoloSettings } from './solo.ts'

interface Settings extends SoloSettings {
  readonly part: 'victim' | 'heir'
  readonly runs: number
}

export async function measure({ url, part, runs }: Settings, tell: (line: string) => void): Promise<Figures> {
  if (part === 'victim') await migrate(url, schema)
  const result = 'x'.repeat(payloadBytes)
  const all = Promise.withResolvers<void>()
  let hanging = 0
  const body: WorkflowBody = async (run) => {
    await run.step(1, 'noop', policy, () => Promise.resolve(result))
    await run.step(2, 'hang', policy, () => {
      if (++hanging === runs) all.resolve()
      return new Promise(() => undefined)
    })
    return null
  }
  const beganMs = performance.now()
  const worker = await openWorker(url, 'same', body)
  if (part === 'victim') await Promise.all(Array.from({ length: runs }, (_, n) => worker.start('steps', `run-${n}`, null)))
  await all.promise
  const tookMs = performance.now() - beganMs
  if (part === 'victim') {
    tell('in flight')
    await new Promise(() => undefined)
  }
  return { tookMs }
}
