// pg-boss is a job queue: a job is done or it is not, with no steps in between and nothing to replay. So a job stands for a step,
// and the figure is of jobs. Batches, several pollers and bursts are on, as its pages advise for throughput.
import { PgBoss } from 'pg-boss'
import { payloadBytes } from '../points.ts'
import { rateOf } from '../rate.ts'
import type { Figures, SoloSettings } from '../solo.ts'

const queue = 'steps'
const pollers = 4

export async function measure({ url, inFlight, ...window }: SoloSettings & { readonly inFlight: number }): Promise<Figures> {
  const boss = new PgBoss({ connectionString: url, max: 20 })
  boss.on('error', (error) => {
    console.error(error)
    process.exit(1)
  })
  await boss.start()
  await boss.createQueue(queue)
  const batchSize = Math.max(2, Math.ceil(inFlight / pollers))
  const output = { v: 'x'.repeat(payloadBytes) }
  const more = (): Promise<unknown> => boss.insert(queue, Array.from({ length: batchSize }, () => ({ data: output })))
  // Counted as handed out; a poller fetches its next batch after the completion of its last, so over a window it is the same.
  let jobs = 0
  for (let i = 0; i < pollers * 3; i++) await more()
  await boss.work(queue, { batchSize, localConcurrency: pollers, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true }, async (batch) => {
    jobs += batch.length
    await more()
    return output
  })
  return { perSecond: await rateOf(() => jobs, window) }
}
