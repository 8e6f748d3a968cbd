// A worker whose batch is held up on its way to the store for longer than the lease, and arrives while its heir is at work on
// the same step. Each returns its own name from that step, so the journal tells whose counted.
import type { Outcome } from '../engine/types.ts'
import type { Seams, WorkflowBody } from '../engine/index.ts'
import { pause, quiet, retry, type Schema } from './store.ts'

const leaseMs = 500

export async function zombieWith(schema: Schema, seams: Partial<Seams>): Promise<{ recorded: unknown; outcome: Outcome; lost: string[] }> {
  const held = Promise.withResolvers<void>()
  const lost: string[] = []
  let holding = false
  const zombie = await schema.open({
    as: 'zombie', leaseMs, workflows: { who: answers('zombie', 100) }, onLost: (why) => lost.push(why),
    seams: {
      ...seams,
      decorateStore: (store) => ({
        load: (wfs) => store.load(wfs),
        async commit(number, units) {
          if (holding) await held.promise
          return store.commit(number, units)
        },
      }),
    },
  })
  await zombie.start('who', 'run-1', null)
  holding = true
  const atWork = Promise.withResolvers<void>()
  const heir = await schema.open({ as: 'heir', leaseMs, workflows: { who: answers('heir', 600, atWork.resolve) }, seams })
  await atWork.promise // it owns the run before that, but may not have read it yet
  held.resolve()
  const outcome = await heir.outcome('run-1', quiet)
  await pause(200)
  const [row] = await schema.query('SELECT data FROM $schema.journal WHERE seq = 1')
  await heir.close(500)
  await zombie.close(0)
  return { recorded: row!['data'], outcome, lost }
}

function answers(name: string, afterMs: number, begins?: () => void): WorkflowBody {
  return async (run) => {
    const result = await run.step(1, 'who', retry, async () => {
      begins?.()
      await pause(afterMs)
      return name
    })
    return result.ok ? result.value : 'failed'
  }
}
