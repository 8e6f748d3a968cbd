// Ports that stay ours. They lie outside the ephemeral range, else a port whose server is down for a moment (that is what
// chaos does) could become some connection's local port. A block of them is locked by listening on its first port: the
// kernel gives such a lock to one process only and frees it when that process dies, however it dies, so none is ever stale.
import { createServer } from 'node:net'
import type { Server } from 'node:net'
import { existsSync, readFileSync } from 'node:fs'

const BLOCK_SIZE = 32
const LOWEST = 10_000
/** Temporal keeps its ports in int2 columns and refuses to start with a larger one. */
const HIGHEST = 32_767
const RANGE_FILE = '/proc/sys/net/ipv4/ip_local_port_range'
/** IANA's range, which macOS and the BSDs use. */
const DEFAULT_EPHEMERAL: readonly [number, number] = [49_152, 65_535]

export interface PortLease {
  readonly ports: readonly number[]
  readonly release: () => Promise<void>
}

/** n free ports on 127.0.0.1, at most 31 of them, in one block that no other harness on this machine uses. */
export async function leasePorts(n: number): Promise<PortLease> {
  if (n < 1 || n >= BLOCK_SIZE) throw new Error(`expected to lease 1 to ${BLOCK_SIZE - 1} ports, got ${n}`)
  const blocks = blocksOutside(ephemeralRange())
  // From a random block on, so that harnesses which start together rarely meet.
  const start = Math.floor(Math.random() * blocks.length)
  for (let i = 0; i < blocks.length; i++) {
    const first = blocks[(start + i) % blocks.length]!
    const lock = await listen(first)
    if (lock === null) continue
    const ports = await freePorts(first + 1, n)
    if (ports !== null) return { ports, release: () => close(lock) }
    await close(lock)
  }
  throw new Error(`expected a block of ${BLOCK_SIZE} ports with ${n} free ones on 127.0.0.1, found none among ${blocks.length} blocks; end what listens there, or free ports between ${LOWEST} and ${HIGHEST} from ${RANGE_FILE}`)
}

function ephemeralRange(): readonly [number, number] {
  if (!existsSync(RANGE_FILE)) return DEFAULT_EPHEMERAL
  const [low, high] = readFileSync(RANGE_FILE, 'utf8').trim().split(/\s+/).map(Number)
  return [low!, high!]
}

/** First ports of all blocks; where the ephemeral range leaves no room (some machines give it everything), blocks inside it. */
function blocksOutside([low, high]: readonly [number, number]): number[] {
  const all: number[] = []
  for (let first = LOWEST; first + BLOCK_SIZE - 1 <= HIGHEST; first += BLOCK_SIZE) all.push(first)
  const outside = all.filter((first) => first + BLOCK_SIZE <= low || first > high)
  return outside.length > 0 ? outside : all
}

async function freePorts(from: number, n: number): Promise<number[] | null> {
  const ports = Array.from({ length: n }, (_, i) => from + i)
  for (const port of ports) {
    const probe = await listen(port)
    if (probe === null) return null
    await close(probe)
  }
  return ports
}

/** null: the port is taken. */
function listen(port: number): Promise<Server | null> {
  const server = createServer((socket) => socket.destroy()).unref()
  return new Promise((resolve, reject) => {
    server.once('error', (error) => ('code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES') ? resolve(null) : reject(error)))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server))
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
