// Gives each worker slot a network of its own, with a router between it and the services, which stay where they are: on 127.0.0.1 of
// the harness's network. The router swallows packets by a rule, so that neither end is told and no kernel acknowledges them: a
// true partition, one-way too. Trade-off: it takes the right to make namespaces, and iproute2; no firewall, and no module for one.
import type { Guard } from '../../processes/guard.ts'
import { leasePorts } from '../../processes/ports.ts'
import type { Direction, LinkName } from '../../contract/plan.ts'
import { packetsOf, unanswered, type Unanswered } from './kernel.ts'
import { openNamespace, runScript, type Argv, type Namespace } from './namespace.ts'
import { connectMs } from './probe.ts'

/** Packets that the router kept: `out` were the worker's, `in` were for it. */
export interface Swallowed {
  readonly out: number
  readonly in: number
}

/** The way between one worker slot and everything on loopback. */
export interface Wire extends AsyncDisposable {
  /** The cable's end in the harness's network. */
  readonly cable: string
  /** The argv that runs the program of this one at the worker's end. */
  readonly inside: (argv: Argv) => Argv
  cut(port: number, direction: Direction): Promise<void>
  mend(port: number, direction: Direction): Promise<void>
  swallowed(): Swallowed
  /** Of the connections to that port, at either end. */
  unanswered(port: number): Unanswered[]
  connectMs(port: number, withinMs: number): Promise<number | null>
}

export interface Wires extends AsyncDisposable {
  of(slot: number): Wire
  /** Where the services at the far ends of links listen. */
  readonly ports: ReadonlyMap<LinkName, number>
}

/** Rejects with what this machine lacks, and how to get it. `make`: the network of each worker, where they live in one that is made elsewhere. */
export async function openWires(slots: number, ports: ReadonlyMap<LinkName, number>, guard: Guard, logFolder: string, make?: () => Promise<Namespace>): Promise<Wires> {
  await using stack = new AsyncDisposableStack()
  const wires: Wire[] = []
  for (let slot = 0; slot < slots; slot++) wires.push(stack.use(await openWire(guard, logFolder, make)))
  const opened = stack.move()
  return {
    ports,
    of: (slot) => wires[slot]!,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** Cables have fixed addresses, each at the other end of one: nobody needs to ask for them, so a partition does not wait for ARP. */
const mac = { host: '02:db:00:00:00:01', uplink: '02:db:00:00:00:02', downlink: '02:db:00:00:00:03', worker: '02:db:00:00:00:04' } as const

/** A packet that passes while the counts are read is in one of them only, so they are read several times. */
const looksAtCounts = 9

/** Rejects with what this machine lacks, and how to get it. */
export async function openWire(guard: Guard, logFolder: string, make?: () => Promise<Namespace>): Promise<Wire> {
  try {
    return await open(guard, logFolder, make ?? (() => openNamespace(guard, logFolder)))
  } catch (error) {
    throw new Error(`${(error as Error).message}; ${process.platform === 'linux' ? howToGet : 'network namespaces are Linux\'s'}`, { cause: error })
  }
}

const howToGet = 'a network of its own takes iproute2 and util-linux, and root, or as any user where user namespaces are allowed: '
  + "unshare --user --map-current-user --net --keep-caps sh -c 'PATH=$PATH:/usr/sbin; ip link set lo up; npx durabench …'"

async function open(guard: Guard, logFolder: string, make: () => Promise<Namespace>): Promise<Wire> {
  await using stack = new AsyncDisposableStack()
  // A leased port is nobody else's on this machine, so what is named after it isn't either.
  const { ports: [number], release } = await leasePorts(1)
  stack.defer(release)
  const cable = `durab${number}`
  const address = `198.18.${number! >> 8}.${number! & 255}`
  const router = stack.use(await openNamespace(guard, logFolder))
  const worker = stack.use(await make())

  // Addresses of loopback may travel over these cables, and over no other.
  const opens = (device: string): string => `
    echo 1 > /proc/sys/net/ipv4/conf/${device}/route_localnet
    [ ! -d /proc/sys/net/ipv6 ] || echo 1 > /proc/sys/net/ipv6/conf/${device}/disable_ipv6
    ip link set ${device} up`
  await runScript(`ip link add name ${cable} address ${mac.host} type veth peer name uplink address ${mac.uplink} netns ${router.pid}`)
  await router.run(`
    ip link add name downlink address ${mac.downlink} type veth peer name wire address ${mac.worker} netns ${worker.pid}
    echo 1 > /proc/sys/net/ipv4/ip_forward
    ${opens('uplink')}
    ${opens('downlink')}
    ip route add 127.0.0.0/8 dev uplink
    ip neigh add 127.0.0.1 lladdr ${mac.host} dev uplink nud permanent
    ip route add ${address}/32 dev downlink
    ip neigh add ${address} lladdr ${mac.worker} dev downlink nud permanent`)
  await worker.run(`
    ${opens('wire')}
    ip addr add ${address}/32 dev wire
    ip route add 127.0.0.0/8 dev wire src ${address}
    ip neigh add 127.0.0.1 lladdr ${mac.downlink} dev wire nud permanent`)
  await runScript(`
    ${opens(cable)}
    ip route add ${address}/32 dev ${cable} src 127.0.0.1
    ip neigh add ${address} lladdr ${mac.uplink} dev ${cable} nud permanent`)

  const rules = (port: number, direction: Direction, verb: 'add' | 'del'): Promise<void> => router.run([
    ...(direction === 'in' ? [] : [`ip rule ${verb} pref 10 iif downlink ipproto tcp dport ${port} blackhole`]),
    ...(direction === 'out' ? [] : [`ip rule ${verb} pref 10 iif uplink ipproto tcp sport ${port} blackhole`]),
  ].join('\n'))

  const opened = stack.move()
  return {
    cable,
    inside: worker.inside,
    cut: (port, direction) => rules(port, direction, 'add'),
    mend: (port, direction) => rules(port, direction, 'del'),
    swallowed() {
      const looks = Array.from({ length: looksAtCounts }, () => packetsOf(router.pid))
      const kept = (from: string, to: string): number => median(looks.map((packets) => packets.get(from)!.received - packets.get(to)!.sent))
      return { out: kept('downlink', 'uplink'), in: kept('uplink', 'downlink') }
    },
    unanswered: (port) => [...unanswered(worker.pid, address, port), ...unanswered(process.pid, address, port)],
    connectMs: (port, withinMs) => connectMs(worker.inside, port, withinMs),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}
