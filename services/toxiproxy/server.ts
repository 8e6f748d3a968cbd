// A Toxiproxy of our own, or one at an address: it forwards a link's bytes, and chaos makes it do that badly. Links are proxies in it
// whose names begin with the run's prefix, so that one which others use too keeps theirs.
import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'
import { Toxiproxy, ToxiproxyError } from 'toxiproxy-node-client'
import type { LinkName } from '../../contract/plan.ts'
import type { Exit } from '../../processes/exit.ts'
import type { Guard } from '../../processes/guard.ts'
import { leasePorts } from '../../processes/ports.ts'
import { spawnOwned } from '../../processes/spawn.ts'
import { ServiceError } from '../error.ts'
import { goPrograms } from '../go/build.ts'
import { toxiproxyModule } from './build.ts'

const POLL_MS = 20
const READY_DEADLINE_MS = 20_000
const LINKS: readonly LinkName[] = ['worker-store', 'worker-engine', 'engine-store', 'app-engine']

/** A link that goes through it. */
export interface ProxiedLink {
  readonly link: LinkName
  /** What the far end speaks: known to whoever asks it for a sign of life. */
  readonly protocol: 'postgres' | 'grpc'
  /** Of its API, and of the proxy in it. */
  readonly api: string
  readonly name: string
  /** Where it listens. */
  readonly host: string
  readonly port: number
}

export interface RunningToxiproxy extends AsyncDisposable {
  /** Makes the proxy. `upstream` is host:port. */
  open(link: LinkName, upstream: string, protocol: ProxiedLink['protocol']): Promise<ProxiedLink>
}

/** What runs it: a process here, or a container. */
export interface ToxiproxyPlace {
  /** The address there on which its proxies listen. */
  readonly listensOn: string
  /** How a far end is reached from there. */
  upstream(address: string): string
  /** `host`: where near ends reach its proxies. */
  start(apiPort: number, proxyPorts: readonly number[]): Promise<{ readonly host: string; exit(): Exit | null; lastLines(count: number): string } & AsyncDisposable>
}

interface ToxiproxyOptions {
  readonly folder: string
  readonly guard: Guard
  readonly prefix: string
  /** Of one that runs already. */
  readonly address?: string
  readonly onProgress: (text: string) => void
  /** Left out: a process here. */
  readonly place?: ToxiproxyPlace
}

export async function startToxiproxy({ folder, guard, prefix, address, onProgress, place = here({ folder, guard, onProgress }) }: ToxiproxyOptions): Promise<RunningToxiproxy> {
  await using stack = new AsyncDisposableStack()
  // Where its proxies listen is leased too, so that a link that is down for a while finds its port free.
  const lease = await leasePorts(1 + LINKS.length)
  stack.defer(lease.release)
  const [apiPort, ...ports] = lease.ports as [number, ...number[]]
  const api = `http://${address ?? `127.0.0.1:${apiPort}`}`
  let host = '127.0.0.1'
  if (address === undefined) {
    const own = stack.use(await place.start(apiPort, ports))
    host = own.host
    for (const deadline = performance.now() + READY_DEADLINE_MS; !(await versionOf(api)); await sleep(POLL_MS)) {
      if (own.exit() !== null || performance.now() > deadline) throw new ServiceError({ expected: `Toxiproxy to answer at ${api}`, found: 'no answer', todo: `see its last lines:\n${own.lastLines(10)}` })
    }
  } else await checkToxiproxy(address)

  const client = new Toxiproxy(api)
  // One at an address runs on this machine, and not in a container of ours.
  const [listensOn, reached] = address === undefined ? [place.listensOn, (far: string) => place.upstream(far)] as const : ['127.0.0.1', (far: string) => far] as const
  const running = stack.move()
  return {
    async open(link, upstream, protocol) {
      const [name, port] = [`${prefix}_${link}`, ports[LINKS.indexOf(link)]!]
      const proxy = await client.createProxy({ name, listen: `${listensOn}:${port}`, upstream: reached(upstream), enabled: true })
      running.defer(() => proxy.remove().catch(gone))
      return { link, protocol, api, name, host, port }
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

function here({ folder, guard, onProgress }: Pick<ToxiproxyOptions, 'folder' | 'guard' | 'onProgress'>): ToxiproxyPlace {
  return {
    listensOn: '127.0.0.1',
    upstream: (address) => address,
    async start(apiPort) {
      const programs = await goPrograms(toxiproxyModule, { folder, guard, onProgress })
      const owned = spawnOwned({ argv: [programs['toxiproxy-server'], '-host', '127.0.0.1', '-port', String(apiPort)], env: { LOG_LEVEL: 'warn' }, bareEnv: true, logFile: join(folder, 'toxiproxy.log'), guard })
      return { host: '127.0.0.1', exit: () => owned.exit, lastLines: (count) => owned.lastLines(count), [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() }
    },
  }
}

/** Its version, if it serves at HOST:PORT of this machine. */
export async function checkToxiproxy(address: string): Promise<string> {
  const version = await versionOf(`http://${address}`)
  if (version === null) throw new ServiceError({ expected: `a Toxiproxy's API at ${address} to answer`, found: 'no answer', todo: 'check host and port, and that it runs on this machine: its proxies have to reach 127.0.0.1' })
  return version
}

async function versionOf(api: string): Promise<string | null> {
  try {
    const found = await new Toxiproxy(api).getVersion()
    // Newer ones answer with JSON, older ones with the bare number.
    return found.startsWith('{') ? (JSON.parse(found) as { version: string }).version : found.trim()
  } catch (error) {
    if (error instanceof ToxiproxyError) return null
    throw error
  }
}

/** One that is ours may be gone before its proxies are asked to go. */
function gone(error: unknown): void {
  if (!(error instanceof ToxiproxyError)) throw error
}
