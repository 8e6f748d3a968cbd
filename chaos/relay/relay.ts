// A cable between workers and Postgres that can be cut at an exact place. It lives in the harness's process, which has nothing
// else to do while a point plays: so a strike is armed and recorded by a function call, and none can be lost between two
// processes. Trade-off: its forwarding costs that process some CPU, so it stands only in points that are meant to be hurt.
import { createServer, type AddressInfo, type Socket } from 'node:net'
import pg from 'pg'
import type { LinkStrike } from '../../contract/plan.ts'
import type { Peer } from './peer.ts'
import { Session, type Hooks } from './session.ts'
import { strikes, type Hit } from './strikes.ts'

export interface Relay extends AsyncDisposable {
  /** The store's, through the relay. */
  readonly url: string
  /** The connections that nothing was done to. */
  readonly peers: readonly Peer[]
  /**
   * Hits the nth commit (for `cut-batch`: the nth unit that writes) of a connection that is wanted, counted from now.
   * Resolves when it was hit; rejects when the signal comes first.
   */
  strike(strike: LinkStrike, aim: Aim, signal: AbortSignal): Promise<Hit & { readonly peer: Peer }>
  /** Ends the server's process of that connection; resolves with the error that the server said good-bye with. */
  terminateBackend(peer: Peer): Promise<string>
}

interface Aim {
  readonly nth: number
  wants(peer: Peer): boolean
}

interface Armed {
  readonly strike: LinkStrike
  readonly aim: Aim
  left: number
  taken: boolean
  hit(hit: Hit & { readonly peer: Peer }): void
}

const goodbyeMs = 5_000

/** For a server on loopback that this run started; whoever calls it sees to that. */
export async function startRelay(storeUrl: string): Promise<Relay> {
  const target = new URL(storeUrl)
  const sessions = new Set<Session>()
  const armed = new Set<Armed>()
  let commits = 0

  const hooks: Hooks = {
    wants: (peer) => armed.size > 0 && [...armed].some((one) => !one.taken && one.aim.wants(peer)),
    nextNumber: () => ++commits,
    closed: (session) => sessions.delete(session),
    stops(stopped) {
      const { peer, unit } = stopped
      const one = [...armed].find(({ taken, strike, aim }) => !taken && (strike === 'cut-batch' ? unit.writes : unit.commits) && aim.wants(peer))
      if (one === undefined || --one.left > 0) return false
      one.taken = true
      const missed = (): void => {
        one.taken = false
        one.left = 1
        stopped.letGo()
      }
      strikes[one.strike](stopped).then((hit) => (hit === null ? missed() : one.hit({ ...hit, peer })), missed)
      return true
    },
  }

  const clients = new Set<Socket>()
  const server = createServer({ noDelay: true }, (client) => {
    clients.add(client.on('close', () => clients.delete(client)))
    sessions.add(new Session(client, { host: target.hostname, port: Number(target.port) }, hooks))
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const url = new URL(storeUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)

  return {
    url: url.href,
    get peers() {
      return [...sessions].filter(({ isStopped }) => !isStopped)
    },
    strike: (strike, aim, signal) => new Promise((resolve, reject) => {
      const one: Armed = { strike, aim, left: aim.nth, taken: false, hit: (hit) => end(() => resolve(hit)) }
      const abort = (): void => end(() => reject(new Error(`${strike}: the commit to be hit did not come`)))
      const end = (settle: () => void): void => {
        armed.delete(one)
        signal.removeEventListener('abort', abort)
        settle()
      }
      if (signal.aborted) return abort()
      armed.add(one)
      signal.addEventListener('abort', abort)
    }),
    terminateBackend: (peer) => terminateBackend(storeUrl, peer),
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const session of sessions) session.destroy()
      for (const client of clients) client.destroy() // Their sessions may be over.
      await closed
    },
  }
}

async function terminateBackend(storeUrl: string, { backend, serverClosed }: Peer): Promise<string> {
  const client = new pg.Client({ connectionString: storeUrl, connectionTimeoutMillis: goodbyeMs, query_timeout: goodbyeMs, application_name: 'durabench chaos' })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows: [row] } = await client.query<{ told: boolean }>('SELECT pg_terminate_backend($1) AS told', [backend])
    if (!row!.told) throw new Error(`expected backend ${backend} to be told to end, found none`)
  } finally {
    await client.end().catch(() => undefined)
  }
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`expected backend ${backend} to end within ${goodbyeMs} ms, found it alive`)), goodbyeMs)
  try {
    return (await Promise.race([serverClosed, late.promise])) ?? 'no error'
  } finally {
    clearTimeout(timer)
  }
}
