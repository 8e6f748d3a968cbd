// A gRPC connection whose every call can be given up. The SDK's own retry interceptor is switched off and its policy applied
// here, for its retries run on timers that outlive both an abort (the request still goes out, later, unseen) and close(), where
// they throw "Channel has been shut down" with nobody to catch it. Here a retry waits in the caller, and dies with it.
// Trade-off: a retry is a new request to the server, so a start that was retried may be answered 'existing' by its own first try.
import { setMaxListeners } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { Client, Connection, defaultGrpcRetryOptions, isGrpcServiceError } from '@temporalio/client'
import { NamespaceNotFoundError, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/common'
import { isNamed, Rejected, Unknown } from '../../contract/errors.ts'
import { connecting } from './access.ts'
import type { Info } from './info.ts'

export interface Link extends AsyncDisposable {
  readonly client: Client
  readonly connection: Connection
  /** Fails with the SDK's own error where that is definite (see `definite`), else with Rejected or Unknown. */
  call<T>(signal: AbortSignal, request: () => Promise<T>): Promise<T>
}

/** A page of history is cut by events, not by bytes: with large payloads it exceeds the 4 MB that a client takes by default. */
const maxPageBytes = 256 * 2 ** 20

/** Connects lazily: an app may come up before its server does. */
export function openLink({ address, namespace, access }: Pick<Info, 'address' | 'namespace' | 'access'>): Link {
  const connection = Connection.lazy({ ...connecting(access), address, interceptors: [], channelArgs: { 'grpc.max_receive_message_length': maxPageBytes } })
  const closing = new AbortController()
  const policy = defaultGrpcRetryOptions()
  const inFlight = new Set<Promise<unknown>>()

  async function attempts<T>(signal: AbortSignal, request: () => Promise<T>): Promise<T> {
    let sent = false
    let lastFailure = ''
    for (let attempt = 1; ; attempt++) {
      if (signal.aborted) throw sent ? new Unknown(`given up while waiting to retry after: ${lastFailure}`) : new Rejected('given up before it was sent')
      try {
        sent = true
        return await connection.withAbortSignal(signal, request)
      } catch (error) {
        const status = statusOf(error)
        lastFailure = status?.details ?? ''
        if (status === null || refused(status) || !policy.retryableDecider(attempt, status)) throw attempt === 1 ? translated(error) : doubtful(error)
        await delay(policy.delayFunction(attempt, status), undefined, { signal }).catch(() => {})
      }
    }
  }

  return {
    connection,
    client: new Client({ connection, namespace }),
    async call(signal, request) {
      // A signal of its own for each call: long polls add a listener each, and callers share one signal among thousands of calls.
      const either = AbortSignal.any([signal, closing.signal])
      setMaxListeners(0, either)
      const answer = attempts(either, request)
      inFlight.add(answer)
      try {
        return await answer
      } finally {
        inFlight.delete(answer)
      }
    },
    async [Symbol.asyncDispose]() {
      closing.abort()
      await Promise.allSettled(inFlight)
      await connection.close()
    },
  }
}

/** INVALID_ARGUMENT, NOT_FOUND, PERMISSION_DENIED, FAILED_PRECONDITION, UNIMPLEMENTED, UNAUTHENTICATED. */
const refusals: ReadonlySet<number> = new Set([3, 5, 7, 9, 12, 16])

/** The server says that it did nothing. A message beyond gRPC's limit is RESOURCE_EXHAUSTED, which else is worth a retry. */
function refused({ code, details }: { code: number; details: string }): boolean {
  return refusals.has(code) || /received message larger than max/.test(details)
}

function translated(error: unknown): unknown {
  if (!(error instanceof Error) || definite(error) || isNamed(error, 'Rejected') || isNamed(error, 'Unknown')) return error
  if (error instanceof NamespaceNotFoundError) return new Rejected(error.message)
  const status = statusOf(error)
  if (status === null) return error
  return refused(status) ? new Rejected(status.details) : new Unknown(status.details)
}

/** The SDK's client wraps the status, the raw service does not. */
function statusOf(error: unknown) {
  if (isGrpcServiceError(error)) return error
  return error instanceof Error && isGrpcServiceError(error.cause) ? error.cause : null
}

/** After a retry a refusal speaks of the last try alone: the first may have been what made this one impossible. */
function doubtful(error: unknown): unknown {
  const outcome = translated(error)
  return isNamed(outcome, 'Rejected') ? new Unknown(`after a retry: ${(outcome as Error).message}`) : outcome
}

/** Errors of the SDK that mean something to the caller. */
function definite(error: Error): boolean {
  return error instanceof WorkflowNotFoundError || error instanceof WorkflowExecutionAlreadyStartedError || error.name === 'WorkflowFailedError'
}
