// The contract's primitives in Temporal's own terms: a step is an activity named after it, a child a child workflow, a sleep a
// timer. Activity ids are the contract's seq numbers and timers carry theirs in the summary, so that a history can be read back.
import {
  ActivityFailure, ApplicationFailure, CancellationScope, ChildWorkflowFailure, condition, continueAsNew, executeChild, isCancellation,
  proxySinks, rootCause, scheduleActivity, sleep, workflowInfo,
} from '@temporalio/workflow'
import type { BodyPoint, NumberedOp, Primitives } from '../../contract/driver.ts'
import { Cancelled, StepFailed } from '../../contract/errors.ts'
import type { Json } from '../../contract/json.ts'
import type { Settled } from '../../contract/scenario.ts'
import type { Policies, StepPolicy } from './info.ts'
import type { Inbox } from './inbox.ts'

/** The way out of the sandbox: runs on the worker's main thread before the workflow task's completion is sent. */
export type BodySinks = { body: { reached(point: BodyPoint, seq: number): void } }

export function createPrimitives(policies: Policies[string], inbox: Inbox): Primitives {
  const { workflowId } = workflowInfo()
  const { body } = proxySinks<BodySinks>()

  function begin(op: NumberedOp): Promise<Json> {
    if ('child' in op) return executeChild(op.child, { workflowId: `${workflowId}/${op.seq}`, args: [op.input] })
    if ('transact' in op) throw new Error(`'${op.transact}' reached Temporal although transact is absent`)
    const policy = policies[op.step]
    if (policy === undefined) throw new StepFailed('refused', `no step is named '${op.step}'; the scenario has ${Object.keys(policies).join(', ')}`)
    return scheduleActivity<Json>(op.step, [op], activityOptions(op.seq, policy))
  }

  async function settle(op: NumberedOp): Promise<Settled<Json>> {
    const scope = CancellationScope.current()
    try {
      return { ok: true, value: await begin(op) }
    } catch (error) {
      if (scope.consideredCancelled && endedByCancel(error)) throw new Cancelled(`cancelled during seq ${op.seq}`)
      return { ok: false, error: stepFailed(error) }
    }
  }

  return {
    async run(ops) {
      const all = await Promise.allSettled(ops.map(settle))
      return all.map((one) => {
        if (one.status === 'rejected') throw one.reason
        return one.value
      })
    },
    sleep: (seq, ms) => orCancelled(seq, () => sleep(ms, { summary: `sleep/${seq}` })),
    signal: (seq, name, timeoutMs) => orCancelled(seq, async () => {
      const arrived = (): boolean => inbox.has(name)
      if (timeoutMs === undefined) await condition(arrived)
      // A time-out of 0 means 'for ever' to old versions of the SDK, and costs a marker in the history; 1 ms does not.
      else if (!(await condition(arrived, Math.max(1, timeoutMs), { summary: `wait/${seq}` }))) return 'timeout'
      return { got: inbox.take(name) }
    }),
    uncancellable: (work) => CancellationScope.nonCancellable(work),
    renew: (_seq, input) => continueAsNew(input, inbox.carry()),
    reached: (point, seq) => body.reached(point, seq),
  }
}

function activityOptions(seq: number, { timeoutMs, retry, heartbeatMs }: StepPolicy): Parameters<typeof scheduleActivity>[2] {
  return {
    activityId: String(seq),
    startToCloseTimeout: timeoutMs,
    // The documented default; left out, SDK 1.24 sends TRY_CANCEL, and a cancelled run ends while its step still runs.
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    ...(heartbeatMs === null ? {} : { heartbeatTimeout: heartbeatMs }),
    retry: { maximumAttempts: retry.attempts, initialInterval: retry.firstMs, backoffCoefficient: retry.factor, maximumInterval: retry.maxMs },
  }
}

async function orCancelled<T>(seq: number, wait: () => Promise<T>): Promise<T> {
  try {
    return await wait()
  } catch (error) {
    throw isCancellation(error) ? new Cancelled(`cancelled during seq ${seq}`) : error
  }
}

/** An attempt that fails or times out after the request is not tried again, and then says so in its retry state. */
function endedByCancel(error: unknown): boolean {
  return isCancellation(error) || (error instanceof ActivityFailure && error.retryState === 'CANCEL_REQUESTED')
}

/**
 * Attempts run out in two ways: the last one failed, or it timed out, for an attempt whose worker died counts as one too.
 * Both are `exhausted`, the message tells which. A child that ended in any other way than by exhaustion was `refused`, as a
 * second try would end the same.
 */
function stepFailed(error: unknown): StepFailed {
  if (error instanceof StepFailed) return error
  if (!(error instanceof ActivityFailure || error instanceof ChildWorkflowFailure)) throw error
  const { cause } = error
  const type = cause instanceof ApplicationFailure ? cause.type : null
  const exhausted = error instanceof ActivityFailure ? type !== 'Refused' : type === 'exhausted'
  return new StepFailed(exhausted ? 'exhausted' : 'refused', rootCause(error) ?? error.message)
}
