// A real engine, real containers: skipped where none answers (`.ci/docker start` brings one up).
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { heldNamespace } from '../../chaos/network/namespace.ts'
import { setEnabled } from '../../chaos/network/proxies.ts'
import { openWire } from '../../chaos/network/wires.ts'
import { startGuard, type Guard } from '../../processes/guard.ts'
import { availability, startServices, type RunningServices } from '../index.ts'
import { query } from '../postgres/query.ts'
import { openEngine, type Engine } from './engine.ts'
import { runLabel } from './label.ts'
import type { ContainerWorker } from './worker.ts'

const engineHere = await availability('postgres', {}, 'docker')
const firstPullMs = 600_000

test('an engine that is not there is said at once, and what to do without one', async () => {
  const before = process.env['DOCKER_HOST']
  process.env['DOCKER_HOST'] = 'unix:///no/such/docker.sock'
  try {
    expect(await availability('postgres', {}, 'docker')).toEqual({ ok: false, why: expect.stringContaining('none at DOCKER_HOST=unix:///no/such/docker.sock') as string, how: expect.stringContaining('leave --services docker out') as string })
  } finally {
    if (before === undefined) delete process.env['DOCKER_HOST']
    else process.env['DOCKER_HOST'] = before
  }
})

describe.skipIf(!engineHere.ok)(engineHere.ok ? 'in containers' : `in containers (${engineHere.why})`, () => {
  let guard: Guard
  let engine: Engine
  let folder: string
  let services: RunningServices
  beforeAll(async () => {
    guard = await startGuard()
    folder = mkdtempSync(join(tmpdir(), 'durabench-test-'))
    engine = await openEngine(guard)
    services = await startServices({ needs: ['postgres'], folder, guard, prefix: 'test', addresses: {}, onProgress: () => undefined, provider: 'docker', proxied: ['worker-store'] })
    await query(services.postgresUrl!, 'create table kept as select 1 as one')
  }, firstPullMs)
  afterAll(async () => {
    await services[Symbol.asyncDispose]()
    await guard[Symbol.asyncDispose]()
    expect(await left(guard.token)).toEqual([])
    rmSync(folder, { recursive: true })
  })

  /** Everything that carries a run's label. */
  async function left(token: string): Promise<string[]> {
    const { dockerode } = engine.client.container
    const filters = { label: [`${runLabel}=${token}`] }
    const [containers, networks, volumes] = await Promise.all([dockerode.listContainers({ all: true, filters }), dockerode.listNetworks({ filters }), dockerode.listVolumes({ filters: JSON.stringify(filters) })])
    return [...containers.map(({ Names }) => String(Names)), ...networks.map(({ Name }) => Name), ...(volumes.Volumes ?? []).map(({ Name }) => Name)]
  }
  const kept = (url = services.postgresUrl!): Promise<unknown> => query(url, 'select one from kept')
  const worker = (script: string, network = 'host'): ContainerWorker => services.containers!.startWorker({ name: 'worker', argv: ['node', '-e', script], env: {}, cwd: '/', mounts: [], network, logFile: join(folder, 'worker.log') })

  test('a store is published on 127.0.0.1 alone, and reached through a Toxiproxy beside it', async () => {
    const ports = (await engine.client.container.list()).filter(({ Labels }) => Labels[runLabel] === guard.token).flatMap(({ Ports }) => Ports.filter(({ PublicPort }) => PublicPort !== undefined))
    expect(ports.length).toBeGreaterThan(1)
    expect(new Set(ports.map(({ IP }) => IP))).toEqual(new Set(['127.0.0.1']))
    expect(services.reached.byWorkers.postgresUrl).not.toBe(services.postgresUrl)
    expect(await kept(services.reached.byWorkers.postgresUrl!)).toEqual([{ one: 1 }])
  })

  test('a link that is down refuses, with no proxy of the engine before it that would accept', async () => {
    const [link] = services.links.proxied
    await setEnabled(link!, false)
    await expect(kept(services.reached.byWorkers.postgresUrl!)).rejects.toThrow('ECONNREFUSED')
    await setEnabled(link!, true)
    expect(await kept(services.reached.byWorkers.postgresUrl!)).toEqual([{ one: 1 }])
  })

  test('killed, nobody answers; started again it has its port and its data, and another start time', async () => {
    const store = services.store!
    const before = await store.startTime()
    await store.kill()
    expect(store.pids()).toEqual([])
    await expect(kept()).rejects.toThrow('ECONNREFUSED')
    await store.start()
    expect(await store.startTime()).not.toBe(before)
    expect(await kept()).toEqual([{ one: 1 }])
  })

  test('paused it does not answer, resumed it is the same one, and it can be killed while it is paused', async () => {
    const store = services.store!
    const before = await store.startTime()
    await store.pause()
    await expect(kept()).rejects.toThrow('timeout')
    await store.resume()
    expect(await store.startTime()).toBe(before)
    await store.pause()
    await store.kill()
    await store.start()
    expect(await kept()).toEqual([{ one: 1 }])
  })

  test('a worker that kills itself is dead, and what it had to tell was told', async () => {
    const heard: unknown[] = []
    const owned = worker("console.log('stood-still ' + JSON.stringify({ fromMs: 1, untilMs: 2 })); console.log('ready'); process.stdin.resume().on('data', () => 0); setTimeout(() => process.kill(process.pid, 'SIGKILL'), 300)")
    owned.onMessage((message) => heard.push(message))
    expect(await owned.line((line) => line === 'ready', 20_000)).toBe('ready')
    expect(await owned.exited).toMatchObject({ code: null, signal: 'SIGKILL' })
    expect(heard).toEqual([{ fromMs: 1, untilMs: 2 }])
  })

  test('a worker is paused and goes on, ends by itself within its grace, and is killed after it', async () => {
    const ticking = worker("process.on('SIGTERM', () => process.exit(7)); setInterval(() => console.log('tick'), 20)")
    await ticking.line((line) => line === 'tick', 20_000)
    expect(process.kill(ticking.pid, 0)).toBe(true)
    await ticking.pause()
    await ticking.resume()
    expect(await ticking.terminate('SIGTERM', 10_000)).toMatchObject({ code: 7, signal: null })
    const deaf = worker("process.on('SIGTERM', () => console.log('no')); console.log('deaf'); setInterval(() => 0, 1000)")
    await deaf.line((line) => line === 'deaf', 20_000)
    expect(await deaf.terminate('SIGTERM', 300)).toMatchObject({ signal: 'SIGKILL' })
  })

  test('a worker without memory is killed by the kernel, and the engine says why', async () => {
    const owned = worker("const kept = []; console.log('greedy'); setInterval(() => kept.push(Buffer.alloc(2 ** 20, 1)), 10)")
    await owned.line((line) => line === 'greedy', 20_000)
    const { saw, outOfMemory } = await owned.starve()
    expect(saw).toMatch(/^SIGKILL at \d+ MiB; the engine says that it ran out of memory$/)
    expect(outOfMemory).toBe(true)
  })

  test('a container that can not be made is a worker that died, with the reason in its log', async () => {
    const owned = worker('', 'container:nobody')
    expect((await owned.exited).code).toBe(125)
    expect(owned.lastLines(1)).toContain('nobody')
  })

  test.skipIf(process.getuid?.() !== 0)('a worker in a network of its own reaches loopback, is cut off without an answer, and gets through again', async () => {
    const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    let network = ''
    await using wire = await openWire(guard, folder, async () => {
      const holder = await services.containers!.holdNetwork('network')
      network = holder.network
      return heldNamespace(holder.pid, async () => void (await holder[Symbol.asyncDispose]()))
    })
    const owned = worker(`const connect = () => require('node:net').connect(${port}, '127.0.0.1').on('connect', () => console.log('through')).on('close', () => setTimeout(connect, 20)); connect()`, network)
    await owned.line((line) => line === 'through', 20_000)
    const before = wire.swallowed()
    await wire.cut(port, 'both')
    expect(await wire.connectMs(port, 300)).toBe(null)
    expect(wire.swallowed().out).toBeGreaterThan(before.out)
    await wire.mend(port, 'both')
    expect(await wire.connectMs(port, 5_000)).toBeGreaterThan(0)
    await owned.kill()
    server.close()
  })

  for (const ryuk of ['with Ryuk disabled', 'with Ryuk, where its image is to be had']) {
    test(`a harness that dies by kill -9 leaves no container, network or volume (${ryuk})`, async () => {
      const url = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href)
      const program = `
        const { startGuard } = await import(${url('../../processes/guard.ts')})
        const { startServices } = await import(${url('../index.ts')})
        const guard = await startGuard()
        const services = await startServices({ needs: ['postgres'], folder: ${JSON.stringify(folder)}, guard, prefix: 'dies', addresses: {}, onProgress: () => {}, provider: 'docker' })
        await services.containers.holdNetwork('network')
        const worker = services.containers.startWorker({ name: 'worker', argv: ['node', '-e', 'console.log("ready"); setInterval(() => 0, 1000)'], env: {}, cwd: '/', mounts: [], network: 'host', logFile: ${JSON.stringify(join(folder, 'dies.log'))} })
        await worker.line((line) => line === 'ready', 20_000)
        console.log(guard.token)
        setInterval(() => 0, 1_000)
      `
      const env = { ...process.env, TESTCONTAINERS_RYUK_DISABLED: String(ryuk.includes('disabled')) }
      const harness = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'], env })
      const token = String(((await once(harness.stdout, 'data')) as [Buffer])[0]).trim()
      expect((await left(token)).length).toBe(4)
      harness.kill('SIGKILL')
      await expect.poll(() => left(token), { timeout: 20_000, interval: 200 }).toEqual([])
    })
  }
})
