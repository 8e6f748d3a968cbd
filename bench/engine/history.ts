// One run with a long history: what its first steps take and its last, and what it takes to read it all again and go on. Anything
// quadratic shows as a ratio that grows with the number of steps.
import { migrate, type WorkflowBody } from '../../drivers/homegrown/engine/index.ts'
import { openWorker, policy, schema } from './alone.ts'
import { payloadBytes } from './points.ts'
import type { Figures, SoloSettings } from './solo.ts'

export async function measure({ url, steps, share }: SoloSettings & { readonly steps: number; readonly share: number }): Promise<Figures> {
  await migrate(url, schema)
  const result = 'x'.repeat(payloadBytes)
  const part = Math.floor(steps * share)
  const atMs: number[] = []
  const body: WorkflowBody = async (run) => {
    for (let seq = 1; seq <= steps; seq++) {
      await run.step(seq, 'noop', policy, () => Promise.resolve(result))
      if (seq % part === 0) atMs.push(performance.now())
    }
    await run.signal(steps + 1, 'go')
    return null
  }
  const first = await openWorker(url, 'historian', body)
  const beganMs = performance.now()
  await first.start('steps', 'long', null)
  while (atMs.length < steps / part) await new Promise((resolve) => setTimeout(resolve, 10))
  const [firstMs, lastMs] = [atMs[0]! - beganMs, atMs.at(-1)! - atMs.at(-2)!]
  await first.close(0)
  const reopenedMs = performance.now()
  const second = await openWorker(url, 'historian', body)
  await second.signal('long', 'go', null, 'on')
  await second.outcome('long')
  return { firstMs, lastMs, againMs: performance.now() - reopenedMs }
}
