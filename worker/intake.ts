// The app's door: answers the load process on a local socket (contract/intake.ts). Lines go out once a tick, so a busy app
// writes large chunks and a quiet one answers at once; a tick with very many answers sends its first ones before it ends.
import { createServer, type Server, type Socket } from 'node:net'
import { rmSync } from 'node:fs'
import { isNamed } from '../contract/errors.ts'
import type { Client } from '../contract/driver.ts'
import type { IntakeAnswer, IntakeRequest } from '../contract/intake.ts'
import type { Json } from '../contract/json.ts'
import { deadlines } from './deadlines.ts'

/** A client's call that takes longer is given up as Unknown; the load process has a shorter one of its own. */
const callDeadlineMs = 60_000
const answersPerLine = 1_000

export function serveIntake(client: Client, socketPath: string): Promise<Server> {
  rmSync(socketPath, { force: true })
  const server = createServer((socket) => converse(client, socket))
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(socketPath, () => resolve(server))
  })
}

function converse(client: Client, socket: Socket): void {
  const signalFor = deadlines(callDeadlineMs)
  const gone = new AbortController()
  let outgoing: IntakeAnswer[] = []
  let rest = ''

  function answer(message: IntakeAnswer): void {
    const waiting = outgoing.push(message)
    if (waiting === 1) setImmediate(send)
    else if (waiting === answersPerLine) send()
  }
  function send(): void {
    if (outgoing.length > 0 && !socket.destroyed) socket.write(`${JSON.stringify(outgoing)}\n`)
    outgoing = []
  }

  /** One promise a call: at 100,000 starts a second each counts. */
  function settle<T extends Json>(n: number, call: Promise<T | void>, accepted?: () => void): void {
    call.then(
      (value) => {
        answer([n, 'ok', value ?? null])
        accepted?.()
      },
      (error: unknown) => {
        const kind = isNamed(error, 'Rejected') ? 'rejected' : isNamed(error, 'Unknown') ? 'unknown' : 'bug'
        answer([n, kind, messageOf(error)])
      },
    )
  }

  function follow(n: number, id: string): void {
    client.outcome(id, gone.signal).then(
      (outcome) => answer([n, 'outcome', outcome]),
      (error: unknown) => answer([n, 'unknown', messageOf(error)]),
    )
  }

  function handle(request: IntakeRequest): void {
    const [n, op] = request
    if (op === 'start') {
      const [, , scenario, id, input, followed] = request
      settle(n, client.start({ scenario, id, input }, signalFor()), followed === 1 ? () => follow(n, id) : undefined)
    } else if (op === 'signal') {
      const [, , id, name, payload, signalId] = request
      settle(n, client.signal({ id, name, payload, signalId }, signalFor()))
    } else if (op === 'cancel') settle(n, client.cancel(request[2], signalFor()))
    else if (op === 'follow') follow(n, request[2])
    else settle(n, client.outcomes(request[2]).then((outcomes) => Object.fromEntries(outcomes) as unknown as Json))
  }

  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()!
    for (const line of lines) for (const request of JSON.parse(line) as IntakeRequest[]) handle(request)
  })
  socket.on('error', () => socket.destroy())
  socket.on('close', () => gone.abort())
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
