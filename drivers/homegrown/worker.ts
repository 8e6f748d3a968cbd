// The app's process with the engine in it. Once fenced, the process ends: its supervisor starts a new incarnation, and no old
// body is left to call the world.
import type { Client, RunningWorker, WorkerHost } from '../../contract/driver.ts'
import { asBody } from './body.ts'
import { asClient } from './client.ts'
import type { Config } from './config.ts'
import { openClient, Worker } from './engine/index.ts'
import type { Mutations } from './mutants/index.ts'

const drainMs = 3_000
const honest: Mutations = { seams: {}, host: (host) => host, primitives: (primitives) => primitives, client: (client) => client }

export async function startWorker(trueHost: WorkerHost): Promise<RunningWorker> {
  const { postgresUrl: url, schema, leaseMs, pollMs, parkAfterMs, mutations } = trueHost.config as unknown as Config
  const mutated = mutations.length === 0 ? honest : (await import('./mutants/index.ts')).mutate(mutations, { url, schema, leaseMs, pollMs })
  const host = mutated.host(trueHost)
  const worker = await Worker.open({
    url, schema, leaseMs, pollMs, parkAfterMs,
    incarnation: host.slot.incarnation,
    identity: host.slot.identity,
    version: host.slot.version,
    workflows: new Map([...host.scenarios.values()].map((scenario) => [scenario.name, asBody(host, scenario, mutated.primitives)])),
    onLost: (why) => host.fatal(`homegrown worker ${host.slot.incarnation} stops: ${why}`),
    log: (line) => console.error(line),
  }, mutated.seams)
  return { client: mutated.client(asClient(worker, () => worker.close(drainMs), (scenario, input) => host.scenarios.get(scenario)?.tenantOf?.(input))), stop: () => worker.close(drainMs) }
}

/** An app without a worker: its starts are taken by the next worker that looks. */
export async function connect(config: unknown): Promise<Client> {
  const { postgresUrl: url, schema, leaseMs, pollMs } = config as Config
  const client = await openClient({ url, schema, leaseMs, pollMs })
  return asClient(client, () => client.close())
}
