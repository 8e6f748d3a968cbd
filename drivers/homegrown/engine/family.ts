// Children: runs of their own, which end with their parent's wait for them.
import { StepFailed } from '../../../contract/errors.ts'
import type { Json } from '../../../contract/json.ts'
import type { RunState } from './run-state.ts'
import type { Result } from './types.ts'
import { kind } from './unit.ts'
import { settled } from './values.ts'

export async function child(run: RunState, seq: number, workflow: string, input: Json): Promise<Result<Json>> {
  const found = run.row(seq, workflow)
  if (found !== undefined) return settled(found)
  run.idleness.begin()
  try {
    return await family(run, seq, workflow, `${run.id}/${seq}`, input)
  } finally {
    run.idleness.end()
  }
}

async function family(run: RunState, seq: number, workflow: string, key: string, input: Json): Promise<Result<Json>> {
  if (run.waits.turnsBack) {
    // An earlier life may have started it: nothing of a cancelled run may go on after its end.
    if ((await run.owner.outcomes([key])).get(key)!.status === 'running') {
      await run.owner.cancelChild(key)
      await run.owner.outcome(key, run)
    }
    run.waits.boundary()
  }
  await run.owner.startChild(workflow, key, input)
  if (run.waits.turnsBack) await run.owner.cancelChild(key)
  const end = run.waits.interruptible(() => void run.owner.cancelChild(key), run.owner.outcome(key, run))
  const outcome = await run.idleness.expecting(key, end)
  if (outcome.status === 'completed') {
    await run.record(seq, kind.child, workflow, JSON.stringify(outcome.output))
    return { ok: true, value: outcome.output }
  }
  if (outcome.status === 'cancelled') run.waits.boundary()
  const { code, message } = outcome.status === 'failed' ? outcome.error : { code: outcome.status, message: '' }
  return run.fail(seq, workflow, kind.childFailed, new StepFailed(code === 'exhausted' ? 'exhausted' : 'refused', `child ${key} ${code}: ${message}`))
}
