// absurd as its pages tell: its schema by absurdctl (done before), a queue, a task whose steps are checkpoints, a worker with a
// concurrency. The pool is as large as DBOS's default here. Waiting runs as with openworkflow.
import { Absurd } from 'absurd-sdk'
import pg from 'pg'
import { payloadBytes, stepsPerRun } from '../points.ts'
import { rateOf } from '../rate.ts'
import type { Figures, SoloSettings } from '../solo.ts'

export async function measure({ url, inFlight, ...window }: SoloSettings & { readonly inFlight: number }): Promise<Figures> {
  const app = new Absurd({ db: new pg.Pool({ connectionString: url, max: 20 }) })
  await app.createQueue()
  const result = 'x'.repeat(payloadBytes)
  let steps = 0
  app.registerTask({ name: 'bare-steps' }, async (_input, context) => {
    for (let seq = 1; seq <= stepsPerRun; seq++) {
      await context.step(`noop-${seq}`, () => Promise.resolve(result))
      steps++
    }
    void app.spawn('bare-steps', null)
    return stepsPerRun
  })
  await Promise.all(Array.from({ length: inFlight * 3 }, () => app.spawn('bare-steps', null)))
  await app.startWorker({ concurrency: inFlight })
  return { perSecond: await rateOf(() => steps, window) }
}
