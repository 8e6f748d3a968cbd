// Temporal made ready for a run: a namespace of its own, or the one that was given, and the workflow bundle. Nothing is dropped at the end, for deleting
// a namespace is a long job of the server's own; who started the server drops its database.
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { isGrpcServiceError } from '@temporalio/client'
import { WorkflowNotFoundError } from '@temporalio/common'
import { msToTs } from '@temporalio/common/lib/time.js'
import { moduleBeside } from '../../contract/beside.ts'
import type { Deployment, Environment, WorkerSpec } from '../../contract/driver.ts'
import { isNamed } from '../../contract/errors.ts'
import { writeBundle } from './bundle.ts'
import { variantOf } from './declared.ts'
import type { Info, Policies } from './info.ts'
import { readJournal } from './journal.ts'
import { openLink, type Link } from './link.ts'

/** The least that a server takes. */
const retentionMs = 24 * 3600 * 1_000
const reachableWithinMs = 10_000
const usableWithinMs = 30_000
/** gRPC's ALREADY_EXISTS. */
const alreadyExists = 6

export async function deployTo(env: Environment): Promise<{ deployment: Deployment; serverVersion: string }> {
  if (env.temporalAddress === undefined) throw new Error("expected env.temporalAddress, found none: the driver 'temporal' needs the service 'temporal'")
  const { stickyTimeoutMs, heartbeat } = variantOf(env.variant)
  const given = env.temporalExternal?.namespace ?? null
  const heartbeatMs = heartbeat ? env.budget.leaseMs : null
  const info: Info = {
    address: env.temporalAddress,
    access: env.temporalExternal === undefined ? 'plain' : 'environment',
    namespace: given ?? `${env.prefix}_temporal`,
    taskQueue: queueOf(env.prefix, '1'),
    bundle: join(env.folder, 'workflows.bundle.js'),
    stickyTimeoutMs,
    heartbeatMs,
    drainMs: longestStepMs(env),
  }
  const link = openLink(info)
  try {
    const serverVersion = await openNamespace(link, info, given === null)
    await writeBundle(info.bundle, policiesOf(env, heartbeatMs))
    return { deployment: deployed(info, env, link), serverVersion }
  } catch (error) {
    await link[Symbol.asyncDispose]()
    throw error
  }
}

function deployed(info: Info, { prefix, temporalAppAddress: appAddress = info.address }: Environment, link: Link): Deployment {
  const spec = (config: Info): WorkerSpec => ({
    module: moduleBeside(import.meta.url, './worker').href,
    config,
    // Core gives the drain to activities in flight; the rest is for the last completions to be sent.
    stop: { signal: 'SIGTERM', graceMs: info.drainMs + 5_000 },
  })
  return {
    info,
    worker: ({ version }) => spec({ ...info, taskQueue: queueOf(prefix, version) }),
    app: ({ version }) => spec({ ...info, taskQueue: queueOf(prefix, version), address: appAddress }),
    journal: (ids) => readJournal(link, info.namespace, ids),
    [Symbol.asyncDispose]: () => link[Symbol.asyncDispose](),
  }
}

/** A namespace may be shared: what an earlier run left open in it must not come to these workers. */
function queueOf(prefix: string, version: string): string {
  return `${prefix}@${version}`
}

/** Registers the namespace if need be and waits until the frontend serves it. @returns the server's version */
async function openNamespace(link: Link, { address, namespace }: Info, registers: boolean): Promise<string> {
  const { workflowService } = link.connection
  const { serverVersion } = await link.call(AbortSignal.timeout(reachableWithinMs), () => workflowService.getSystemInfo({})).catch((error: unknown) => {
    throw new Error(`expected a Temporal server at ${address} within ${reachableWithinMs} ms, found ${(error as Error).message}; see whether it runs and listens there`, { cause: error })
  })
  const within = AbortSignal.timeout(usableWithinMs)
  if (registers) {
    await link.call(within, () => workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs(retentionMs) }).catch((error: unknown) => {
      if (!isGrpcServiceError(error) || (error.code as number) !== alreadyExists) throw error
    }))
  }
  while (!await serves(link, within)) await delay(100)
  return serverVersion
}

/** A registered namespace is not known to every part of the server at once: "no such workflow" says that it is. */
async function serves(link: Link, within: AbortSignal): Promise<boolean> {
  try {
    await link.call(within, () => link.client.workflow.getHandle('durabench-none').describe())
    return true
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return true
    if (isNamed(error, 'Rejected') && !within.aborted) return false
    throw error
  }
}

function policiesOf({ scenarios }: Environment, heartbeatMs: number | null): Policies {
  return Object.fromEntries(scenarios.map(({ name, steps }) => [
    name, Object.fromEntries(Object.entries(steps).map(([step, { timeoutMs, retry }]) => [step, { timeoutMs, retry, heartbeatMs }])),
  ]))
}

function longestStepMs({ scenarios }: Environment): number {
  return Math.max(0, ...scenarios.flatMap(({ steps }) => Object.values(steps).map(({ timeoutMs }) => timeoutMs)))
}
