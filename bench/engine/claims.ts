// Claims from the engine's queues: runs of several tenants are queued behind caps of one; then the caps are raised, and the clock runs
// until the last run's body has begun. So a claim here is all of it: found, taken under the fence and the caps, read, and played.
import { limitTenant, Link, migrate, type WorkflowBody } from '../../drivers/homegrown/engine/index.ts'
import { openWorker, schema } from './alone.ts'
import type { Figures, SoloSettings } from './solo.ts'

export async function measure({ url, runs, tenants }: SoloSettings & { readonly runs: number; readonly tenants: number }): Promise<Figures> {
  await migrate(url, schema)
  const operator = new Link({ url, name: 'operator', answerWithinMs: 60_000, idleInTransactionMs: 60_000 })
  const cap = (most: number): Promise<unknown> => Promise.all(Array.from({ length: tenants }, (_, tenant) => limitTenant(operator, schema, `tenant-${tenant}`, most)))
  const all = Promise.withResolvers<void>()
  let begun = 0
  const body: WorkflowBody = async () => {
    if (++begun === runs) all.resolve()
    await all.promise
    return null
  }
  await cap(1)
  const worker = await openWorker(url, 'claimer', body)
  await Promise.all(Array.from({ length: runs }, (_, n) => worker.start('steps', `queued-${n}`, null, { tenant: `tenant-${n % tenants}` })))
  const beganMs = performance.now()
  const before = begun
  await cap(runs)
  await all.promise
  return { perSecond: (runs - before) / ((performance.now() - beganMs) / 1e3) }
}
