// A real Temporal worker in a process of ours. Every activity type goes to one function, which asks the host to run the step;
// the sink is the way by which the body's failpoints reach this thread.
import { setTimeout as delay } from 'node:timers/promises'
import { activityInfo, ApplicationFailure, Context } from '@temporalio/activity'
import { DefaultLogger, NativeConnection, Runtime, Worker, type InjectedSinks } from '@temporalio/worker'
import type { Client, NumberedOp, RunningWorker, WorkerHost } from '../../contract/driver.ts'
import { isNamed } from '../../contract/errors.ts'
import type { Json } from '../../contract/json.ts'
import type { Reply } from '../../contract/logs.ts'
import { connecting } from './access.ts'
import { openClient } from './client.ts'
import type { Info } from './info.ts'
import type { BodySinks } from './primitives.ts'

const reachableWithinMs = 60_000

export function connect(config: Json): Promise<Client> {
  return Promise.resolve(openClient(config as Info))
}

export async function startWorker(host: WorkerHost): Promise<RunningWorker> {
  const info = host.config as Info
  // The SDK's own signal handlers would race with worker/main.ts, which calls stop().
  Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('WARN') })
  const connection = await reach(info)
  const worker = await Worker.create({
    connection,
    namespace: info.namespace,
    taskQueue: info.taskQueue,
    identity: host.slot.identity,
    workflowBundle: { codePath: info.bundle },
    activities: { default: (op: StepOp) => runStep(host, info.heartbeatMs, op) },
    sinks: bodySinks(host),
    shutdownGraceTime: info.drainMs,
    ...(info.stickyTimeoutMs === null ? {} : { stickyQueueScheduleToStartTimeout: info.stickyTimeoutMs }),
  })
  let stopping = false
  const running = worker.run().catch((error: unknown) => {
    if (!stopping) host.fatal(`the Temporal worker ended: ${error instanceof Error ? error.message : String(error)}`)
    throw error
  })
  return {
    async stop() {
      stopping = true
      if (worker.getState() === 'RUNNING') worker.shutdown()
      await running
      await connection.close()
    },
  }
}

/** A worker may come up while its server is down: it is ready when it can work. */
async function reach({ address, access }: Info): Promise<NativeConnection> {
  const options = connecting(access)
  for (const started = performance.now(); ;) {
    try {
      return await NativeConnection.connect({ address, ...options })
    } catch (error) {
      if (performance.now() - started > reachableWithinMs) throw error
      await delay(250)
    }
  }
}

type StepOp = Extract<NumberedOp, { step: string }>

async function runStep(host: WorkerHost, heartbeatMs: number | null, op: StepOp): Promise<Reply> {
  const { workflowType, workflowExecution } = activityInfo()
  const { workflowId } = workflowExecution!
  const stopBeating = heartbeatMs === null ? () => {} : beat(heartbeatMs)
  try {
    return await host.execute({ scenario: workflowType!, workflowId, ...op })
  } catch (error) {
    if (isNamed(error, 'Refused')) throw ApplicationFailure.nonRetryable((error as Error).message, 'Refused')
    throw error
  } finally {
    stopBeating()
  }
}

function beat(everyMs: number): () => void {
  const context = Context.current()
  const timer = setInterval(() => context.heartbeat(), everyMs / 3)
  return () => clearInterval(timer)
}

/** On replay too: a failpoint decides by itself whether it has fired. */
function bodySinks(host: WorkerHost): InjectedSinks<BodySinks> {
  return { body: { reached: { fn: ({ workflowId }, point, seq) => host.reached(point, workflowId, seq), callDuringReplay: true } } }
}
