// What stands between the parties of a point, only where its plan hurts the network: all other points are measured without it.
import { heldNamespace, type Argv } from '../chaos/network/namespace.ts'
import type { Proxies } from '../chaos/network/proxies.ts'
import { openWires, type Wires } from '../chaos/network/wires.ts'
import type { Network } from '../chaos/stage.ts'
import type { LinkName, Point } from '../contract/plan.ts'
import type { Guard } from '../processes/guard.ts'
import type { NetworkHolder } from '../services/docker/index.ts'
import type { RunningServices } from '../services/index.ts'

export interface PointNetwork extends Network, AsyncDisposable {
  /** The argv that runs the program of this one in the network of the worker in that slot. */
  inside(slot: number, argv: Argv): Argv
  /** The same network, as a container names the one that it joins. */
  joined(slot: number): string
}

interface Parts {
  readonly point: Point
  readonly services: RunningServices
  readonly guard: Guard
  readonly logFolder: string
}

/** A machine that lacks something for it plays the point without: its faults are then skipped with the reason. */
export async function openNetwork({ point, services, guard, logFolder }: Parts): Promise<PointNetwork> {
  const opened = point.chaos.faults.some(({ kind }) => kind === 'partition')
    ? await open(point.workers, services, guard, logFolder).catch((error: unknown) => `no partition on this machine: ${(error as Error).message}`)
    : 'no fault of this plan needs a network of its own'
  const wires = (): Wires => {
    if (typeof opened === 'string') throw new Error(opened)
    return opened.wires
  }
  const proxies: Proxies = {
    on(link) {
      const { proxied, lacks } = services.links
      const found = proxied.find((one) => one.link === link)
      if (found === undefined) throw new Error(lacks === '' ? `no ${link} link in this run` : `no Toxiproxy: ${lacks}`)
      return found
    },
  }
  return {
    wires,
    proxies: () => proxies,
    inside: (slot, argv) => (typeof opened === 'string' ? argv : opened.wires.of(slot).inside(argv)),
    joined: (slot) => (typeof opened === 'string' ? 'host' : opened.holders[slot]?.network ?? 'host'),
    async [Symbol.asyncDispose]() {
      if (typeof opened !== 'string') await opened.wires[Symbol.asyncDispose]()
    },
  }
}

interface Opened {
  readonly wires: Wires
  /** Of workers in containers: what holds each slot's network. */
  readonly holders: readonly NetworkHolder[]
}

async function open(slots: number, services: RunningServices, guard: Guard, logFolder: string): Promise<Opened> {
  const { containers } = services
  const holders: NetworkHolder[] = []
  const make = containers && (async () => {
    const holder = await containers.holdNetwork('network')
    holders.push(holder)
    return heldNamespace(holder.pid, async () => void (await holder[Symbol.asyncDispose]()))
  })
  return { wires: await openWires(slots, portsOf(services), guard, logFolder, make ?? undefined), holders }
}

/** Of services that are ours: a worker in a network of its own reaches loopback alone. */
function portsOf({ store, server, postgresUrl, temporalAddress }: RunningServices): ReadonlyMap<LinkName, number> {
  if ((postgresUrl !== null && store === null) || (temporalAddress !== null && server === null)) throw new Error('a service at an external address is out of reach from a network of its own; leave --postgres and --temporal out')
  return new Map<LinkName, number>([
    ...(postgresUrl === null ? [] : [['worker-store', Number(new URL(postgresUrl).port)] as const]),
    ...(temporalAddress === null ? [] : [['worker-engine', Number(temporalAddress.split(':').at(-1))] as const]),
  ])
}

/** The links that this plan hurts by the byte. */
export function proxiedLinks({ chaos }: Point): LinkName[] {
  return [...new Set(chaos.faults.flatMap(({ role, link }) => (role === 'link' ? link ?? [] : [])))]
}
