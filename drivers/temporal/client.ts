// What an app calls. Starts, cancels and results go through the SDK's client; signals through the service's own method, since
// the SDK draws a new request id for each call and so gives up the server's deduplication.
import { WorkflowFailedError } from '@temporalio/client'
import {
  ApplicationFailure, CancelledFailure, defaultPayloadConverter, toPayloads, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError,
} from '@temporalio/common'
import type { Client, Outcome } from '../../contract/driver.ts'
import { Rejected } from '../../contract/errors.ts'
import type { Json } from '../../contract/json.ts'
import type { Info } from './info.ts'
import { openLink } from './link.ts'

/** The contract gives bulk reads no signal; each of theirs ends by itself after this time. */
const readDeadlineMs = 20_000
const readsInFlight = 50

export function openClient(info: Info): Client {
  const link = openLink(info)
  const { workflow } = link.client
  const { namespace, taskQueue } = info

  async function ended(id: string, signal: AbortSignal): Promise<Outcome> {
    try {
      return { status: 'completed', output: await link.call(signal, () => workflow.getHandle(id).result() as Promise<Json>) }
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return { status: 'absent' }
      if (error instanceof WorkflowFailedError) return failure(error)
      throw error
    }
  }

  async function current(id: string): Promise<Outcome> {
    const signal = AbortSignal.timeout(readDeadlineMs)
    try {
      const { closeTime } = await link.call(signal, () => workflow.getHandle(id).describe())
      return closeTime === undefined ? { status: 'running' } : await ended(id, signal)
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return { status: 'absent' }
      throw error
    }
  }

  return {
    async start({ scenario, id, input }, signal) {
      try {
        await link.call(signal, () => workflow.start(scenario, {
          workflowId: id, taskQueue, args: [input], workflowIdReusePolicy: 'REJECT_DUPLICATE', workflowIdConflictPolicy: 'FAIL',
        }))
        return 'started'
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return 'existing'
        throw error
      }
    },
    outcome: ended,
    async outcomes(ids) {
      const found = new Map<string, Outcome>()
      const rest = ids.values()
      const reader = async (): Promise<void> => {
        for (const id of rest) found.set(id, await current(id))
      }
      await Promise.all(Array.from({ length: readsInFlight }, reader))
      return found
    },
    async signal({ id, name, payload, signalId }, signal) {
      await link.call(signal, () => link.connection.workflowService.signalWorkflowExecution({
        namespace, workflowExecution: { workflowId: id }, signalName: name, requestId: signalId,
        input: { payloads: toPayloads(defaultPayloadConverter, payload) ?? [] },
      }))
    },
    async cancel(id, signal) {
      await link.call(signal, () => workflow.getHandle(id).cancel().catch((error: unknown) => {
        throw error instanceof WorkflowNotFoundError ? new Rejected(error.message) : error
      }))
    },
    [Symbol.asyncDispose]: () => link[Symbol.asyncDispose](),
  }
}

function failure({ cause, message }: WorkflowFailedError): Outcome {
  if (cause instanceof CancelledFailure) return { status: 'cancelled' }
  const code = cause instanceof ApplicationFailure ? (cause.type ?? 'Error') : (cause?.name ?? 'Error')
  return { status: 'failed', error: { code, message: cause?.message ?? message } }
}
