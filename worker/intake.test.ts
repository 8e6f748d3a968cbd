import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Client, Outcome } from '../contract/driver.ts'
import { Rejected, Unknown } from '../contract/errors.ts'
import type { IntakeAnswer, IntakeRequest } from '../contract/intake.ts'
import { serveIntake } from './intake.ts'

const completed: Outcome = { status: 'completed', output: { value: 1, trace: [] } }

/** A client whose runs end at once, but for those named `endless`; the id of a start says how the call ends. */
class InstantClient implements Client {
  readonly released: string[] = []
  async start({ id }: { id: string }): Promise<'started' | 'existing'> {
    if (id === 'refused') throw new Rejected('no such scenario')
    if (id === 'silent') throw new Unknown('no answer')
    if (id === 'odd') throw new TypeError('x is undefined')
    return id === 'twice' ? 'existing' : 'started'
  }
  outcome(id: string, signal: AbortSignal): Promise<Outcome> {
    if (id !== 'endless') return Promise.resolve(completed)
    return new Promise((_, reject) => signal.addEventListener('abort', () => {
      this.released.push(id)
      reject(new Unknown('nobody waits any more'))
    }))
  }
  outcomes(ids: readonly string[]): Promise<ReadonlyMap<string, Outcome>> {
    return Promise.resolve(new Map(ids.map((id) => [id, completed])))
  }
  signal(): Promise<void> {
    return Promise.resolve()
  }
  cancel(): Promise<void> {
    return Promise.reject(new Rejected('it has ended'))
  }
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve()
  }
}

let folder: string
let client: InstantClient
let server: Server
let socket: Socket
let lines: IntakeAnswer[][]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'durabench-intake-'))
  client = new InstantClient()
  server = await serveIntake(client, join(folder, 'app.sock'))
  socket = connect(join(folder, 'app.sock')).setEncoding('utf8')
  lines = []
  let rest = ''
  socket.on('data', (chunk: string) => {
    const complete = (rest + chunk).split('\n')
    rest = complete.pop()!
    for (const line of complete) lines.push(JSON.parse(line) as IntakeAnswer[])
  })
  await once(socket, 'connect')
})
afterEach(() => {
  socket.destroy()
  server.close()
  rmSync(folder, { recursive: true })
})

function send(...requests: IntakeRequest[]): void {
  socket.write(`${JSON.stringify(requests)}\n`)
}

async function answers(count: number): Promise<IntakeAnswer[]> {
  while (lines.flat().length < count) await once(socket, 'data')
  return lines.flat()
}

describe('the intake', () => {
  it('answers a start, and tells the end of one that is followed', async () => {
    send([1, 'start', 'script', 'twice', null, 0], [2, 'start', 'script', 'r-1', null, 1])
    const told = await answers(3)
    expect(told).toHaveLength(3)
    expect(told).toEqual(expect.arrayContaining([[1, 'ok', 'existing'], [2, 'ok', 'started'], [2, 'outcome', completed]]))
    expect(told.findIndex(([n, kind]) => n === 2 && kind === 'ok')).toBeLessThan(told.findIndex(([, kind]) => kind === 'outcome'))
  })

  it('tells a refusal, an open question and a bug apart, and follows none of them', async () => {
    send([1, 'start', 'script', 'refused', null, 1], [2, 'start', 'script', 'silent', null, 1], [3, 'start', 'script', 'odd', null, 1], [4, 'cancel', 'r-1'])
    expect(await answers(4)).toEqual([[1, 'rejected', 'no such scenario'], [2, 'unknown', 'no answer'], [3, 'bug', 'x is undefined'], [4, 'rejected', 'it has ended']])
  })

  it('answers signals with nothing and bulk reads with outcomes by id', async () => {
    send([1, 'signal', 'r-1', 'approve', { s: 's1', p: true }, 's1'], [2, 'outcomes', ['r-1', 'r-2']], [3, 'follow', 'r-1'])
    expect(await answers(3)).toEqual(expect.arrayContaining([[1, 'ok', null], [2, 'ok', { 'r-1': completed, 'r-2': completed }], [3, 'outcome', completed]]))
  })

  it('answers each of very many requests once, in lines of bounded length', async () => {
    send(...Array.from({ length: 2_500 }, (_, n): IntakeRequest => [n, 'start', 'script', `r-${n}`, null, 0]))
    const told = await answers(2_500)
    expect(told).toEqual(Array.from({ length: 2_500 }, (_, n) => [n, 'ok', 'started']))
    expect(Math.max(...lines.map((line) => line.length))).toBe(1_000)
  })

  it('puts lines together that arrive in pieces', async () => {
    const text = `${JSON.stringify([[1, 'start', 'script', 'r-1', 'ü €', 0]])}\n`
    for (const byte of Buffer.from(text)) {
      socket.write(Buffer.of(byte))
      await new Promise(setImmediate)
    }
    expect(await answers(1)).toEqual([[1, 'ok', 'started']])
  })

  it('stops following when the connection is gone', async () => {
    send([1, 'follow', 'endless'], [2, 'follow', 'r-1'])
    await answers(1)
    socket.destroy()
    while (client.released.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(client.released).toEqual(['endless'])
  })
})
