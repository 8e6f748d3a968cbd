// openworkflow as its pages tell: a workflow defined on the client, a worker with a concurrency, its own pool with its defaults.
// Twice as many runs as are worked on are kept waiting, so that no slot is ever idle for want of a run.
import { OpenWorkflow } from 'openworkflow'
import { BackendPostgres } from 'openworkflow/postgres'
import { payloadBytes, stepsPerRun } from '../points.ts'
import { rateOf } from '../rate.ts'
import type { Figures, SoloSettings } from '../solo.ts'

export async function measure({ url, inFlight, ...window }: SoloSettings & { readonly inFlight: number }): Promise<Figures> {
  const client = new OpenWorkflow({ backend: await BackendPostgres.connect(url) })
  const result = 'x'.repeat(payloadBytes)
  let steps = 0
  const workflow = client.defineWorkflow<null, number>({ name: 'bare-steps' }, async ({ step }) => {
    for (let seq = 1; seq <= stepsPerRun; seq++) {
      await step.run({ name: `noop-${seq}` }, () => Promise.resolve(result))
      steps++
    }
    void workflow.run(null)
    return stepsPerRun
  })
  await Promise.all(Array.from({ length: inFlight * 3 }, () => workflow.run(null)))
  await client.newWorker({ concurrency: inFlight }).start()
  return { perSecond: await rateOf(() => steps, window) }
}
