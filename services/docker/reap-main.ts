// Removes what a run made in a Docker engine: containers with their volumes, then networks and volumes. The run's guard starts it, with
// the run's token, when all its processes are gone. Twice empty, since the engine may be about to make what a killed harness asked for.
import { setTimeout as sleep } from 'node:timers/promises'
import { getContainerRuntimeClient } from 'testcontainers'
import { runLabel } from './label.ts'

const POLL_MS = 150

const [token] = process.argv.slice(2)
if (token === undefined) throw new Error('expected the token of a run, found none; this program is started by a guard')
const { dockerode } = (await getContainerRuntimeClient()).container
const filters = { label: [`${runLabel}=${token}`] }

for (let empty = 0; empty < 2; await sleep(POLL_MS)) empty = (await removeAll()) === 0 ? empty + 1 : 0

/** How many there were. What somebody else removes meanwhile is gone as well. */
async function removeAll(): Promise<number> {
  const containers = await dockerode.listContainers({ all: true, filters })
  await Promise.allSettled(containers.map(({ Id }) => dockerode.getContainer(Id).remove({ force: true, v: true })))
  const networks = await dockerode.listNetworks({ filters })
  await Promise.allSettled(networks.map(({ Id }) => dockerode.getNetwork(Id).remove()))
  const volumes = (await dockerode.listVolumes({ filters: JSON.stringify(filters) })).Volumes ?? []
  await Promise.allSettled(volumes.map(({ Name }) => dockerode.getVolume(Name).remove({ force: true })))
  return containers.length + networks.length + volumes.length
}
