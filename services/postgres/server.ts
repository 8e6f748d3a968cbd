// A Postgres of our own: a fresh cluster on loopback with a random password, on the ground that the point asks for.
import { join } from 'node:path'
import type { StoreGround } from '../../contract/plan.ts'
import type { Guard } from '../../processes/guard.ts'
import type { LogTail } from '../../processes/log-tail.ts'
import { leasePorts } from '../../processes/ports.ts'
import type { Controlled } from '../controlled.ts'
import { PortTaken } from '../error.ts'
import { makeDisk, type Disk } from '../ground/disk.ts'
import { makeShim, type Shim } from '../ground/shim.ts'
import { cluster, type Cluster } from './cluster.ts'
import { startPair, type Pair } from './pair.ts'
import { walBytes } from './query.ts'
import { template, type Template } from './template.ts'

const ATTEMPTS = 5

export interface RunningPostgres extends Controlled, AsyncDisposable {
  readonly role: 'store'
  readonly url: string
  /** pg_postmaster_start_time: another one after each restart of the postmaster. */
  startTime(): Promise<string>
  /** kill -9 and start. */
  restart(): Promise<void>
  /** Since the start of this cluster. */
  walBytes(): Promise<number>
  /** Its log from now on. */
  tail(): LogTail
  /** Where its data lies; null: in a container. */
  readonly folder: string | null
  /** What it stands on; null: not asked for. */
  readonly disk: Disk | null
  readonly shim: Shim | null
  readonly pair: Pair | null
}

interface ServerOptions {
  /** For its log. */
  readonly folder: string
  readonly guard: Guard
  readonly lease?: typeof leasePorts
  readonly ground?: StoreGround
}

/** Starts it on a fresh data folder, which its disposal removes. */
export async function startPostgres(options: ServerOptions): Promise<RunningPostgres> {
  const made = await template(options.guard, options.folder)
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(made, options)
    } catch (error) {
      if (!(error instanceof PortTaken) || attempt === ATTEMPTS) throw error
    }
  }
}

async function start(made: Template, { folder, guard, lease: takePorts = leasePorts, ground = {} }: ServerOptions): Promise<RunningPostgres> {
  await using stack = new AsyncDisposableStack()
  const { ports, release } = await takePorts(ground.standby === undefined ? 1 : 3)
  stack.defer(release)
  const disk = ground.disk === undefined ? null : stack.use(await makeDisk(made.root, guard, made.account))
  const shim = ground.shim === undefined ? null : stack.use(await makeShim(guard, 'store'))

  async function make(port: number, settings: Readonly<Record<string, string>>): Promise<{ server: Cluster; data: string }> {
    const data = await made.copy(disk?.path)
    await disk?.settle()
    const durability = ground.fsync === undefined ? {} : { fsync: ground.fsync }
    const logFile = join(folder, settings['primary_slot_name'] === undefined ? 'postgres.log' : 'postgres-standby.log')
    return { data, server: cluster({ template: made, data, port, settings: { ...settings, ...durability }, env: shim?.env ?? {}, logFile, guard }) }
  }

  let pair: Pair | null = null
  let single: Cluster | null = null
  if (ground.standby === undefined) {
    const { server } = await make(ports[0]!, {})
    stack.defer(() => server.remove())
    await server.start()
    single = server
  } else {
    const [address, primary, standby] = ports as [number, number, number]
    pair = stack.use(await startPair({ commit: ground.standby, ports: { address, primary, standby }, make }))
  }
  const active = (): Cluster => single ?? pair!.active
  const url = new URL(active().url)
  url.port = String(ports[0])
  const atStart = await walBytes(url.href)
  const started = stack.move()
  return {
    role: 'store',
    lost: pair?.lost ?? active().lost,
    disk, shim, pair,
    url: url.href,
    folder: disk?.path ?? made.root,
    kill: () => active().kill(),
    start: () => active().start(),
    pause: () => active().pause(),
    resume: () => active().resume(),
    mayEnd: () => active().mayEnd(),
    recover: () => active().recover(),
    pids: () => active().pids(),
    proof: () => active().proof(),
    startTime: () => active().startTime(),
    tail: () => active().tail(),
    walBytes: async () => (await walBytes(url.href)) - atStart,
    async restart() {
      await active().kill()
      await active().start()
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  }
}
