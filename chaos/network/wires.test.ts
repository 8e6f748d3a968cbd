// Partitions between real sockets in real namespaces. Where the machine allows none, these tests are shown as skipped.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import { spawn, type ChildProcess } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startGuard, type Guard } from '../../processes/guard.ts'
import { openWire, type Wire } from './wires.ts'

const folder = mkdtempSync(join(tmpdir(), 'durabench-wires-'))
let guard: Guard
let wire: Wire | null = null
let lacks = ''
let service: Server
let port = 0
const received: string[] = []

beforeAll(async () => {
  guard = await startGuard()
  wire = await openWire(guard, folder).catch((error: unknown) => {
    lacks = (error as Error).message
    return null
  })
  service = createServer((socket: Socket) => void socket.on('data', (data) => {
    received.push(String(data))
    socket.write('answer')
  }).on('error', () => undefined)).listen(0, '127.0.0.1')
  await once(service, 'listening')
  port = (service.address() as AddressInfo).port
})
afterAll(async () => {
  await wire?.[Symbol.asyncDispose]()
  await guard[Symbol.asyncDispose]()
  service.close()
  rmSync(folder, { recursive: true })
})

const isThere = (cable: string): boolean => existsSync(`/proc/sys/net/ipv4/conf/${cable}`)

/** A client inside that says something every 50 ms and prints what it hears. */
function chatter(through: Wire): ChildProcess & { heard(): number } {
  const program = `const c = require('node:net').connect(${port}, '127.0.0.1'); c.on('data', () => console.log('heard')).on('error', () => process.exit()); setInterval(() => c.write('word'), 50)`
  const [run, ...args] = through.inside([process.execPath, '-e', program])
  const child = spawn(run, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  let heard = 0
  child.stdout.on('data', (data: Buffer) => void (heard += String(data).split('heard').length - 1))
  return Object.assign(child, { heard: () => heard })
}

const withWire = (name: string, body: (wire: Wire) => Promise<void>): void => test(name, async ({ skip }) => {
  if (wire === null) return skip(lacks)
  await body(wire)
})

withWire('from inside, services on loopback answer, though nothing but the way changed', async (way) => {
  expect(await way.connectMs(port, 2_000)).toBeLessThan(1_500)
  expect(way.swallowed()).toEqual({ out: 0, in: 0 })
})

withWire('a port where nobody listens refuses: silence is the partition\'s alone', async (way) => {
  const { port: free } = await new Promise<AddressInfo>((resolve) => {
    const other = createServer().listen(0, '127.0.0.1', () => {
      const address = other.address() as AddressInfo
      other.close(() => resolve(address))
    })
  })
  await expect(way.connectMs(free, 1_000)).rejects.toThrow('ECONNREFUSED')
})

for (const direction of ['both', 'out', 'in'] as const) {
  withWire(`cut ${direction}: nobody answers, what was lost is counted on its side alone, and all goes on once it is mended`, async (way) => {
    const client = chatter(way)
    await expect.poll(() => client.heard(), { timeout: 5_000 }).toBeGreaterThan(1)
    const before = way.swallowed()
    await way.cut(port, direction)
    await sleep(300)
    const [reached, heard] = [received.length, client.heard()]
    expect(await way.connectMs(port, 600)).toBeNull()
    const after = way.swallowed()
    // What was sent before the cut may still be read; after that, words arrive only while they are not cut, and answers never do.
    expect(client.heard()).toBe(heard)
    if (direction !== 'in') expect(received.length).toBe(reached)
    expect([after.out > before.out, after.in > before.in]).toEqual([direction !== 'in', direction !== 'out'].map((lost, i) => (direction === 'both' && i === 1 ? after.in > before.in : lost)))
    expect(way.unanswered(port).length).toBeGreaterThan(0)
    await way.mend(port, direction)
    await expect.poll(() => client.heard(), { timeout: 5_000 }).toBeGreaterThan(heard)
    await expect.poll(() => way.unanswered(port), { timeout: 5_000 }).toEqual([])
    client.kill('SIGKILL')
    await once(client, 'exit')
  })
}

withWire('a cut of one port leaves the others open', async (way) => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  await way.cut(port, 'both')
  expect(await way.connectMs((other.address() as AddressInfo).port, 2_000)).not.toBeNull()
  await way.mend(port, 'both')
  other.close()
})

withWire('a harness that is killed leaves no namespace and no cable', async () => {
  const program = `
    const { startGuard } = await import(${JSON.stringify(new URL('../../processes/guard.ts', import.meta.url).href)})
    const { openWire } = await import(${JSON.stringify(new URL('./wires.ts', import.meta.url).href)})
    const guard = await startGuard()
    const wire = await openWire(guard, ${JSON.stringify(folder)})
    console.log(wire.cable)
    setInterval(() => {}, 1000)`
  const harness = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [cable] = (await once(harness.stdout, 'data')) as [Buffer]
  expect(isThere(String(cable).trim())).toBe(true)
  harness.kill('SIGKILL')
  await expect.poll(() => isThere(String(cable).trim()), { timeout: 8_000, interval: 50 }).toBe(false)
})

withWire('taken away, it leaves no cable', async () => {
  const own = await openWire(guard, folder)
  expect(isThere(own.cable)).toBe(true)
  await own[Symbol.asyncDispose]()
  // The kernel takes a namespace away when it comes to it.
  await expect.poll(() => isThere(own.cable), { timeout: 5_000 }).toBe(false)
})
