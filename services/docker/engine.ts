// The Docker engine of a run: one network of the run's own, a label on all that the run makes, and two who remove it when the harness
// dies, however it dies: Ryuk, which Testcontainers brings, and the run's own guard, which needs no image and also does it at a good end.
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getReaper, LABEL_TESTCONTAINERS_SESSION_ID } from 'testcontainers'
import type { Guard } from '../../processes/guard.ts'
import { ServiceError } from '../error.ts'
import { findClient, wordsOf, type Client } from './client.ts'
import { imageFor, imageVariable, type ImageFor } from './images.ts'
import { runLabel } from './label.ts'

export interface Engine {
  readonly client: Client
  readonly guard: Guard
  /** On everything that is made. */
  readonly labels: Readonly<Record<string, string>>
  /** In it containers find each other by name. */
  readonly network: string
  /** `Docker 28.2.2`, and who removes what a dead harness leaves. */
  readonly about: { readonly engine: string; readonly reaper: string }
  /** Can workers live in containers? They share this machine's loopback and its files. */
  readonly hostsWorkers: boolean
  /** By what they were wanted for: names and ids of the images that were used so far. */
  readonly used: Map<ImageFor, { readonly name: string; readonly id: string }>
  /** Pulls the image where it is not here. */
  image(what: ImageFor): Promise<string>
  /** A name of this run's. */
  name(what: string): string
  /** Which container port is behind a port of 127.0.0.1, for who comes from another container: `host:port` by `host:port`. */
  readonly published: Map<string, string>
}

const opened = new WeakMap<Guard, Promise<Engine>>()

/** One per guard, which removes all that was made with it. */
export function openEngine(guard: Guard): Promise<Engine> {
  const known = opened.get(guard)
  if (known !== undefined) return known
  const opening = open(guard)
  opened.set(guard, opening)
  opening.catch(() => opened.delete(guard))
  return opening
}

/** null: this run used none. */
export async function engineOf(guard: Guard): Promise<Engine | null> {
  return (await opened.get(guard)) ?? null
}

async function open(guard: Guard): Promise<Engine> {
  const client = await findClient()
  const { dockerode } = client.container
  const [version, info] = await Promise.all([dockerode.version(), dockerode.info() as Promise<{ SecurityOptions?: readonly string[] }>])
  guard.trackUndo(reapCommand(guard.token))
  const { reaper, sessionId } = await findReaper(client)
  const labels = { [runLabel]: guard.token, [LABEL_TESTCONTAINERS_SESSION_ID]: sessionId }
  const network = `durabench-${guard.token.slice(0, 8)}`
  await client.network.create({ Name: network, Driver: 'bridge', Labels: labels })
  const used: Engine['used'] = new Map()
  let names = 0
  return {
    client, guard, labels, network, used,
    about: { engine: `Docker ${version.Version}`, reaper },
    hostsWorkers: process.platform === 'linux' && !(info.SecurityOptions ?? []).some((option) => option.includes('rootless')),
    published: new Map(),
    async image(what) {
      const name = imageFor(what)
      if (!used.has(what)) used.set(what, { name, id: await pulled(client, what, name) })
      return name
    },
    name: (what) => `${network}-${what}-${++names}`,
  }
}

async function pulled(client: Client, what: ImageFor, name: string): Promise<string> {
  const { dockerode } = client.container
  const inspect = async (): Promise<string | null> => dockerode.getImage(name).inspect().then(({ Id }) => Id, () => null)
  const id = await inspect()
  if (id !== null) return id
  try {
    const stream = await dockerode.pull(name)
    await new Promise<void>((resolve, reject) => dockerode.modem.followProgress(stream, (error) => (error === null ? resolve() : reject(error))))
  } catch (cause) {
    throw new ServiceError({ expected: `the image ${name} to be there or to be pulled`, found: wordsOf(cause), todo: `see whether its registry is in reach, or name another image with ${imageVariable(what)}` }, { cause })
  }
  return (await inspect())!
}

/** Ryuk, unless it is disabled or its image can't be had: the guard alone does it then. */
async function findReaper(client: Client): Promise<{ reaper: string; sessionId: string }> {
  const own = "the run's own guard"
  const disabled = 'TESTCONTAINERS_RYUK_DISABLED'
  if (process.env[disabled] !== 'true') {
    try {
      return { reaper: `Ryuk, and ${own}`, sessionId: (await getReaper(client)).sessionId }
    } catch {
      process.env[disabled] = 'true'
    }
  }
  return { reaper: own, sessionId: (await getReaper(client)).sessionId }
}

/** The guard's environment is empty, so the command brings along what leads to the engine. */
function reapCommand(token: string): readonly [string, ...string[]] {
  const main = fileURLToPath(new URL(`./reap-main${extname(import.meta.filename)}`, import.meta.url))
  const way = ['DOCKER_HOST', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH', 'HOME', 'XDG_RUNTIME_DIR'].flatMap((name) => (process.env[name] === undefined ? [] : [`${name}=${process.env[name]}`]))
  return ['env', ...way, process.execPath, main, token]
}
