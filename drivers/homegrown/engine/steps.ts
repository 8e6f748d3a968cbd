// Operations that do something: steps, tried until they succeed, are refused or run out of attempts; and users' statements,
// whose effect is part of their record. What one came to is decided here, in one thread, at the moment its row is handed to the
// pump; the fence decides whether it counts.
import { isNamed, StepFailed } from '../../../contract/errors.ts'
import type { Json } from '../../../contract/json.ts'
import type { RunState } from './run-state.ts'
import { timed } from './timed.ts'
import type { Result, Statement, StepPolicy } from './types.ts'
import { kind } from './unit.ts'
import { encode, settled } from './values.ts'

export async function step(run: RunState, seq: number, name: string, policy: StepPolicy, body: (abort: AbortSignal | null) => Promise<Json>): Promise<Result<Json>> {
  const past = run.past(seq, name)
  if (past !== null) return settled(past)
  run.idleness.begin()
  try {
    let pauseMs = policy.firstMs
    for (let attempt = 1; ; attempt++) {
      const wait = run.owner.admit()
      if (wait !== null) await wait
      let value: Json
      try {
        value = await (policy.timeoutMs === undefined ? body(null) : timed(policy.timeoutMs, body))
      } catch (error) {
        const { message } = error as Error
        if (isNamed(error, 'Refused')) return await run.fail(seq, name, kind.stepFailed, new StepFailed('refused', message))
        if (attempt >= policy.attempts) return await run.fail(seq, name, kind.stepFailed, new StepFailed('exhausted', `${attempt} attempts of '${name}', the last: ${message}`))
        run.failedOnce()
        await run.waits.wait(pauseMs * (0.75 + Math.random() / 4), null)
        pauseMs = Math.min(pauseMs * policy.factor, policy.maxMs)
        continue
      } finally {
        run.owner.left()
      }
      const data = encode(value, name)
      if (data instanceof StepFailed) return await run.fail(seq, name, kind.stepFailed, data)
      await run.record(seq, kind.step, name, data)
      return { ok: true, value }
    }
  } finally {
    run.idleness.end()
  }
}

export async function transact(run: RunState, seq: number, name: string, statement: Statement): Promise<Result<Json>> {
  const past = run.past(seq, name)
  if (past !== null) return settled(past)
  run.idleness.begin()
  try {
    const wait = run.owner.admit()
    if (wait !== null) await wait
    run.owner.left()
    return { ok: true, value: JSON.parse(await run.record(seq, kind.rows, name, '', { statement })) as Json }
  } catch (error) {
    return await run.fail(seq, name, kind.stepFailed, new StepFailed('refused', `the store refused the statement of '${name}': ${(error as Error).message}`))
  } finally {
    run.idleness.end()
  }
}
