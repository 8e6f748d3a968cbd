// What runs in Temporal's sandbox: one workflow function for every scenario, chosen by workflow type. The bundle's entry, which
// bundle.ts writes, calls `scenarioWorkflow` with the steps' policies, so that a run's history does not carry them.
import {
  CancellationScope, CancelledFailure, ApplicationFailure, ContinueAsNew, DeterminismViolationError, TemporalFailure, workflowInfo,
} from '@temporalio/workflow'
import { isNamed } from '../../contract/errors.ts'
import type { Json } from '../../contract/json.ts'
import type { Output } from '../../contract/logs.ts'
import { workflows } from '../../scenarios/workflows.ts'
import { runBody } from '../../worker/context.ts'
import { capabilities } from './capabilities.ts'
import type { Policies } from './info.ts'
import { createInbox, type Carried } from './inbox.ts'
import { createPrimitives } from './primitives.ts'

/** The function that Temporal runs for whatever workflow type it is asked for. */
export function scenarioWorkflow(policies: Policies): (input: Json, carried?: Carried) => Promise<Output> {
  return async (input, carried) => {
    const inbox = createInbox(carried)
    const { workflowId, workflowType, taskQueue } = workflowInfo()
    const workflow = workflows[`${workflowType}@${taskQueue.slice(taskQueue.lastIndexOf('@') + 1)}`] ?? workflows[workflowType]
    if (workflow === undefined) throw ApplicationFailure.nonRetryable(`no scenario is named '${workflowType}'; the bundle has ${Object.keys(workflows).join(', ')}`, 'Unsupported')
    try {
      return await runBody(workflow, workflowId, input, createPrimitives(policies[workflowType] ?? {}, inbox), capabilities)
    } catch (error) {
      throw ending(error)
    }
  }
}

/**
 * How a body's error ends its run. Temporal would retry the workflow task of an unknown error for ever, waiting for a fixed
 * deployment; here it fails the run, as in the other engines. The SDK's own control errors pass untouched.
 */
function ending(error: unknown): unknown {
  if (error instanceof TemporalFailure || error instanceof ContinueAsNew || error instanceof DeterminismViolationError) return error
  if (!(error instanceof Error)) return ApplicationFailure.nonRetryable(brief(String(error)), 'Error')
  if (isNamed(error, 'Cancelled') && CancellationScope.current().consideredCancelled) return new CancelledFailure(error.message)
  return ApplicationFailure.nonRetryable(brief(error.message), 'code' in error ? String(error.code) : error.name)
}

/** A failure beyond the server's limit is refused, and its workflow task tried again at once and for ever: a busy loop. */
function brief(message: string): string {
  return message.slice(0, 2_000)
}
