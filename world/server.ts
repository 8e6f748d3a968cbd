// The world's doors: the endpoints that steps call, and under /_durabench/ those for the harness. Plain node:http; it never
// closes an idle connection first, since a keep-alive race would look like a failure that nobody injected.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAttempts } from './attempts.ts'
import { endpoints, type Endpoint } from './endpoints.ts'
import { fromHeaders } from './identity.ts'
import { openLedger } from './ledger.ts'
import { sendJson, sendProblem } from './send.ts'
import { createSightings } from './sightings.ts'
import type { WorldSettings } from './settings.ts'

interface RunningWorld {
  readonly port: number
  readonly url: string
  /** Ends the ledger and every connection. */
  stop(): void
}

const host = '127.0.0.1'
const backlog = 4_096
const maxBodyCharacters = 1 << 20
/** An `all` of thousands names each of its branches in one header. */
const maxHeaderSize = 1 << 20

/** Resolves when it listens. The port comes before the ledger, so that after a taken port the same file can be tried again. */
export async function startWorld(settings: WorldSettings): Promise<RunningWorld> {
  const server = await listen(settings.port ?? 0)
  const ledger = openLedger(settings.ledgerFile)
  const sightings = createSightings()
  const attempts = createAttempts(settings, ledger, sightings)
  const known = endpoints(settings.seed)
  const waiting = new Set<ServerResponse>()
  let ended = false

  function end(): void {
    if (ended) return
    ended = true
    attempts.cancel()
    ledger.end()
    for (const res of waiting) sendEnded(res)
  }

  function sendStats(res: ServerResponse): void {
    const { lines, attempt, applied, replied } = ledger.counts
    sendJson(res, 200, JSON.stringify({ lines, attempts: attempt, applied, replied, inFlight: attempts.inFlight, ended }))
  }

  function route(req: IncomingMessage, res: ServerResponse): void {
    const { method, url: path = '/' } = req
    if (path === '/_durabench/stats') return sendStats(res)
    if (path === '/_durabench/close' && method === 'POST') {
      end()
      return sendStats(res)
    }
    if (ended) return sendEnded(res)
    if (path.startsWith('/_durabench/applied?')) return awaitApplied(new URL(path, 'http://world').searchParams, res)
    const endpoint = method === 'POST' ? known.get(path) : undefined
    if (endpoint !== undefined) return receive(req, res, path, endpoint)
    sendProblem(res, 404, `expected POST to one of ${[...known.keys()].join(', ')}; found ${method} ${path}`)
  }

  function receive(req: IncomingMessage, res: ServerResponse, path: string, endpoint: Endpoint): void {
    const identity = fromHeaders(req.headers)
    if (typeof identity === 'string') return sendProblem(res, 400, identity)
    let body = ''
    req.setEncoding('utf8')
    req.on('data', (chunk: string) => {
      if (body.length <= maxBodyCharacters) body += chunk // of what is longer, the rest is read and dropped
    })
    req.on('end', () => {
      if (ended) sendEnded(res)
      else if (body.length > maxBodyCharacters) sendProblem(res, 413, `expected a body of at most ${maxBodyCharacters} characters, found more`)
      else attempts.begin({ identity, path, endpoint, body }, res)
    })
  }

  function awaitApplied(query: URLSearchParams, res: ServerResponse): void {
    const step = query.get('step')
    const nth = Number(query.get('nth'))
    if (step === null || !Number.isSafeInteger(nth) || nth < 1) {
      return sendProblem(res, 400, `expected ?step=<name>&nth=<whole number from 1>, found ?${query.toString()}`)
    }
    const forget = sightings.nth(step, nth, (sighting) => {
      waiting.delete(res)
      ledger.onceWritten(() => sendJson(res, 200, JSON.stringify(sighting)))
    })
    if (forget === null) return
    waiting.add(res)
    res.once('close', () => {
      waiting.delete(res)
      forget()
    })
  }

  server.on('request', route)
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://${host}:${port}`,
    stop() {
      end()
      server.close()
      server.closeAllConnections()
    },
  }
}

function sendEnded(res: ServerResponse): void {
  sendProblem(res, 503, 'this world has ended its ledger and does nothing any more; start another')
}

function listen(port: number): Promise<Server> {
  const server = createServer({ maxHeaderSize, keepAliveTimeout: 0, noDelay: true })
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new Error(`the world can't listen on ${host}:${port}: ${error.message}; choose another port, or 0 for any`)))
    server.listen({ host, port, backlog }, () => resolve(server))
  })
}
