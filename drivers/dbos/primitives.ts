// Ctx's primitives on DBOS. DBOS numbers operations in the order in which they are called, before any await: so a batch is
// called in order at once, and the waits for children come after the batch, one by one, in the same order on every replay.
import { DBOS, type StepConfig, type WorkflowHandle } from '@dbos-inc/dbos-sdk'
import { isNamed, StepFailed } from '../../contract/errors.ts'
import type { BodyPoint, NumberedOp, Primitives, RetryPolicy, WorkerHost } from '../../contract/driver.ts'
import type { Json } from '../../contract/json.ts'
import type { Output } from '../../contract/logs.ts'
import type { Settled } from '../../contract/scenario.ts'
import { waitForeverSeconds } from './settings.ts'

export type RegisteredWorkflow = (input: Json) => Promise<Output>

export interface DbosRunOptions {
  readonly host: WorkerHost
  readonly scenario: string
  readonly workflowId: string
  readonly workflows: ReadonlyMap<string, RegisteredWorkflow>
  readonly queue: { readonly queueName?: string }
  readonly pollMs: number
}

export class DbosRun implements Primitives {
  readonly #options: DbosRunOptions

  constructor(options: DbosRunOptions) {
    this.#options = options
  }

  async run(ops: readonly NumberedOp[]): Promise<Settled<Json>[]> {
    const begun = await Promise.allSettled(ops.map((op) => this.#begin(op)))
    const settled: Settled<Json>[] = []
    for (const one of begun) {
      // A rejection is DBOS's own (cancelled, superseded): it passes, after every branch has ended.
      if (one.status === 'rejected') throw one.reason
      settled.push('ok' in one.value ? one.value : await this.#childResult(one.value))
    }
    return settled
  }

  // A pause of 0 would take a number and record nothing, which no reader of the journal could tell from a pending wait.
  sleep(_seq: number, ms: number): Promise<void> {
    return DBOS.sleep(Math.max(1, ms))
  }

  async signal(_seq: number, name: string, timeoutMs?: number): Promise<{ got: Json } | 'timeout'> {
    const got = await DBOS.recv<Json>(name, { timeoutSeconds: timeoutMs === undefined ? waitForeverSeconds : timeoutMs / 1000 })
    return got === null ? 'timeout' : { got }
  }

  reached(point: BodyPoint, seq: number): void {
    this.#options.host.reached(point, this.#options.workflowId, seq)
  }

  #begin(op: NumberedOp): Promise<Settled<Json> | WorkflowHandle<Output>> {
    if ('step' in op) return this.#step(op)
    if ('child' in op) return this.#startChild(op)
    throw new Error(`this driver has no transact, and Ctx refuses it before; found one at ${op.key}`)
  }

  async #step({ step, seq, after, key, input }: Extract<NumberedOp, { step: string }>): Promise<Settled<Json>> {
    const { host, scenario, workflowId } = this.#options
    const body = (): Promise<Json> => host.execute({ scenario, workflowId, step, seq, after, key, input }).catch(asAttempt)
    const { retry, timeoutMs } = host.spec(scenario, step)
    try {
      return { ok: true, value: await DBOS.runStep(body, { name: stepName(step, seq), timeoutMS: timeoutMs, ...retries(retry) }) }
    } catch (error) {
      return { ok: false, error: asStepFailed(error) }
    }
  }

  #startChild({ child, seq, input }: Extract<NumberedOp, { child: string }>): Promise<WorkflowHandle<Output>> {
    const { workflows, workflowId, queue } = this.#options
    const workflow = workflows.get(child)
    if (workflow === undefined) throw new Error(`no scenario '${child}' to run as a child; known: ${[...workflows.keys()].join(', ')}`)
    return DBOS.startWorkflow(workflow, { workflowID: `${workflowId}/${seq}`, ...queue })(input)
  }

  async #childResult(handle: WorkflowHandle<Output>): Promise<Settled<Json>> {
    try {
      return { ok: true, value: (await handle.getResult({ pollingIntervalMs: this.#options.pollMs })) as unknown as Json }
    } catch (error) {
      if (endsThisRun(error, this.#options.workflowId)) throw error
      const { code, message } = error as Error & { code?: string }
      return { ok: false, error: new StepFailed(code === 'exhausted' ? 'exhausted' : 'refused', `child ${handle.workflowID}: ${message}`) }
    }
  }
}

/** Robust against position: the journal reads the contract's seq from the name. */
function stepName(step: string, seq: number): string {
  return `${step}#${seq}`
}

/** DBOS's own retry options. Its cap on the pause is fixed at an hour, so a policy with a lower one gets a flatter curve. */
function retries({ attempts, firstMs, factor, maxMs }: RetryPolicy): StepConfig {
  if (attempts === 1) return { retriesAllowed: false }
  const flattest = attempts > 2 ? (maxMs / firstMs) ** (1 / (attempts - 2)) : factor
  return {
    retriesAllowed: true,
    maxAttempts: attempts,
    intervalSeconds: firstMs / 1000,
    backoffRate: Math.max(1, Math.min(factor, flattest)),
    shouldRetry: (error) => !isNamed(error, 'Refused'),
  }
}

// Errors are recognised by what survives DBOS's serialiser (own properties), since a replay revives them as plain Errors.

/** Marks what a body threw, to tell it from what DBOS throws. */
function asAttempt(error: unknown): never {
  if (isNamed(error, 'Refused')) throw error
  throw Object.assign(new Error(error instanceof Error ? error.message : String(error)), { name: 'AttemptFailed' })
}

const maxStepRetries = 23

/** @throws the error itself when it is DBOS's own */
function asStepFailed(error: unknown): StepFailed {
  const { name, message, dbosErrorCode, timeoutMS } = error as Error & { dbosErrorCode?: number; timeoutMS?: number }
  if (name === 'Refused') return new StepFailed('refused', message)
  const timedOut = dbosErrorCode !== undefined && timeoutMS !== undefined
  if (name === 'AttemptFailed' || dbosErrorCode === maxStepRetries || timedOut) return new StepFailed('exhausted', message)
  throw error
}

const workflowCancelled = 24
const workflowConflict = 5

function endsThisRun(error: unknown, workflowId: string): boolean {
  const { dbosErrorCode, workflowID } = error as { dbosErrorCode?: number; workflowID?: string }
  return (dbosErrorCode === workflowCancelled && workflowID === workflowId) || dbosErrorCode === workflowConflict
}
