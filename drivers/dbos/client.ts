// The app's side: the same process as the worker. A run that was started here is awaited through its handle, which costs no
// query; a run of another process is polled for, which is all that DBOS offers.
import { setTimeout as sleep } from 'node:timers/promises'
import { DBOS, Error as DbosErrors, type WorkflowHandle, type WorkflowStatus } from '@dbos-inc/dbos-sdk'
import { isNamed, Rejected, Unknown } from '../../contract/errors.ts'
import type { Client, Outcome } from '../../contract/driver.ts'
import type { Json } from '../../contract/json.ts'
import type { Output } from '../../contract/logs.ts'
import type { RegisteredWorkflow } from './primitives.ts'

/** listWorkflows binds one parameter an id; Postgres takes 65,535. */
const idsPerRead = 1_000
/** A waiter whose caller gave up polls on for at most this long. */
const pollRoundSeconds = 5
/**
 * After this long a run's handle is not trusted alone: it ends with the body, and the body of a cancelled run sleeps on to
 * the end of its sleep, though the store has long said `cancelled`. DBOS's own default poll interval.
 */
const handlePatienceMs = 1_000

export function createClient(workflows: ReadonlyMap<string, RegisteredWorkflow>, queue: { queueName?: string }, pollMs: number): Client {
  const here = new Map<string, WorkflowHandle<Output>>()

  async function outcomes(ids: readonly string[]): Promise<ReadonlyMap<string, Outcome>> {
    const found = new Map<string, Outcome>(ids.map((id) => [id, { status: 'absent' }]))
    for (let at = 0; at < ids.length; at += idsPerRead) {
      const rows = await DBOS.listWorkflows({ workflowIDs: ids.slice(at, at + idsPerRead), loadInput: false })
      for (const row of rows) found.set(row.workflowID, asOutcome(row))
    }
    return found
  }

  async function pollForOutput(id: string, signal: AbortSignal): Promise<Output> {
    for (;;) {
      if (signal.aborted) throw new Unknown(`stopped waiting for the outcome of ${id}`)
      const output = await DBOS.getResult<Output>(id, { timeoutSeconds: pollRoundSeconds, pollingIntervalMs: pollMs })
      if (output !== null) return output
    }
  }

  async function handleOrStore(handle: WorkflowHandle<Output>, id: string, signal: AbortSignal): Promise<Output> {
    const settled = new AbortController()
    const result = handle.getResult()
    const patience = sleep(handlePatienceMs, undefined, { signal: settled.signal })
    const stored = patience.then(() => pollForOutput(id, AbortSignal.any([signal, settled.signal])))
    stored.catch(() => undefined) // the race below has its answer already
    try {
      return await Promise.race([result, stored])
    } finally {
      settled.abort()
    }
  }

  return {
    async start({ scenario, id, input }) {
      const workflow = workflows.get(scenario)
      if (workflow === undefined) throw new Rejected(`no scenario '${scenario}'; known: ${[...workflows.keys()].join(', ')}`)
      try {
        const handle = await DBOS.startWorkflow(workflow, { workflowID: id, workflowIDReusePolicy: 'reject', ...queue })(input)
        if (queue.queueName === undefined) {
          here.set(id, handle)
          const forget = (): void => void here.delete(id)
          handle.getResult().then(forget, forget)
        }
        return 'started'
      } catch (error) {
        if (DbosErrors.isWorkflowIDInUseError(error)) return 'existing'
        throw unknown('start', error)
      }
    },

    async outcome(id, signal) {
      try {
        const handle = here.get(id)
        const output = await (handle === undefined ? pollForOutput(id, signal) : handleOrStore(handle, id, signal))
        return { status: 'completed', output: output as unknown as Json }
      } catch (error) {
        if (isNamed(error, 'Unknown')) throw error
        // It failed, was cancelled, or DBOS could not tell: the store knows which.
        const now = (await outcomes([id])).get(id)!
        if (now.status === 'running' || now.status === 'absent') throw unknown('outcome', error)
        return now
      }
    },

    outcomes: (ids) => outcomes(ids).catch((error: unknown) => {
      throw unknown('outcomes', error)
    }),

    async signal({ id, name, payload, signalId }) {
      try {
        await DBOS.send(id, payload, name, signalId)
      } catch (error) {
        if (error instanceof DbosErrors.DBOSNonExistentWorkflowError) throw new Rejected(error.message)
        throw unknown('signal', error)
      }
    },

    async cancel(id) {
      try {
        // cancelWorkflow of an unknown id does nothing and says nothing.
        if ((await DBOS.getWorkflowStatus(id)) === null) throw new Rejected(`no workflow '${id}' to cancel`)
        await DBOS.cancelWorkflow(id)
      } catch (error) {
        throw isNamed(error, 'Rejected') ? error : unknown('cancel', error)
      }
    },

    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

function unknown(what: string, error: unknown): Unknown {
  return new Unknown(`${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
}

function asOutcome({ status, output, error }: WorkflowStatus): Outcome {
  if (status === 'SUCCESS') return { status: 'completed', output: output as Json }
  if (status === 'CANCELLED') return { status: 'cancelled' }
  if (status === 'ERROR') {
    const { name, message, code } = error as Error & { code?: string }
    return { status: 'failed', error: { code: name === 'StepFailed' ? code! : name, message } }
  }
  if (status === 'MAX_RECOVERY_ATTEMPTS_EXCEEDED') return { status: 'failed', error: { code: status, message: 'DBOS gave up after its maximum of recovery attempts' } }
  return { status: 'running' }
}
