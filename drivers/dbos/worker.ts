// The app's process with DBOS in it: registers a workflow per scenario, launches (which recovers what this executor id left
// pending), and serves the client. DBOS keeps its state in module globals, so there is one launch per process.
import { DBOS } from '@dbos-inc/dbos-sdk'
import type { Driver, RunningWorker, WorkerHost } from '../../contract/driver.ts'
import type { Json } from '../../contract/json.ts'
import type { Output } from '../../contract/logs.ts'
import type { Scenario } from '../../contract/scenario.ts'
import { runBody } from '../../worker/context.ts'
import { createClient } from './client.ts'
import { DbosRun, type RegisteredWorkflow } from './primitives.ts'
import { applicationName, drainMs, queueName, type DbosConfig } from './settings.ts'

/** It counts the first execution apart. */
function recoveries({ poison }: Scenario): { maxRecoveryAttempts?: number } {
  return poison === undefined ? {} : { maxRecoveryAttempts: poison.livesAtMost - 1 }
}

export async function startWorker(host: WorkerHost): Promise<RunningWorker> {
  const config = host.config as unknown as DbosConfig
  const { identity, version } = host.slot
  DBOS.setConfig({
    name: applicationName,
    systemDatabaseUrl: config.databaseUrl,
    systemDatabasePoolSize: config.pool,
    executorID: identity,
    applicationVersion: version,
    logLevel: 'warn',
  })

  const workflows = new Map<string, RegisteredWorkflow>()
  const queue = config.queue ? { queueName } : {}
  for (const scenario of host.scenarios.values()) {
    const body = (input: Json): Promise<Output> => {
      const id = DBOS.workflowID!
      const run = new DbosRun({ host, scenario: scenario.name, workflowId: id, workflows, queue, pollMs: config.pollMs })
      return runBody(scenario.workflow, id, input, run, config.capabilities as Driver['capabilities'])
    }
    workflows.set(scenario.name, DBOS.registerWorkflow(body, { name: scenario.name, ...recoveries(scenario) }))
  }

  await DBOS.launch()
  if (config.queue) await DBOS.registerQueue(queueName, { minPollingIntervalMs: config.pollMs })

  return {
    client: createClient(workflows, queue, config.pollMs),
    stop: () => DBOS.shutdown({ workflowCompletionTimeoutMS: drainMs }),
  }
}
