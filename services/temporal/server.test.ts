import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Guard } from '../../processes/guard.ts'
import { startGuard } from '../../processes/guard.ts'
import type { PortLease } from '../../processes/ports.ts'
import { leasePorts } from '../../processes/ports.ts'
import { processTable } from '../../processes/table.ts'
import type { RunningServices } from '../index.ts'
import { availability, startServices } from '../index.ts'
import { query } from '../postgres/query.ts'
import { findGo } from '../go/toolchain.ts'
import { temporalBinaries, temporalModule } from './build.ts'
import { assigned, portsNeeded } from './places.ts'
import { checkHealth } from './rpc.ts'
import { createDatabases, ownSqlTool } from './schema.ts'
import { startTemporal } from './server.ts'

const FIRST_BUILD_MS = 1_800_000
const canBuild = (await findGo(temporalModule)).ok

describe('without a Go that can build it', () => {
  for (const [what, go] of [['no Go', '/nonexistent/go'], ['a program that is no Go', 'true']] as const) {
    test(`${what}: Temporal is unavailable, and the answer says why and what to do`, async () => {
      const before = process.env['GO']
      process.env['GO'] = go
      try {
        expect(await availability('temporal', {})).toEqual({ ok: false, why: expect.stringMatching(/built from source|needs Go/) as string, how: expect.stringContaining('--temporal HOST:PORT') as string })
      } finally {
        if (before === undefined) delete process.env['GO']
        else process.env['GO'] = before
      }
    })
  }

  test('an address that is none, or where nobody answers, is explained', async () => {
    expect(await availability('temporal', { temporal: 'http://localhost:7233' })).toMatchObject({ ok: false, why: expect.stringContaining("HOST:PORT of a Temporal server's frontend") as string })
    expect(await availability('temporal', { temporal: '127.0.0.1:9' })).toMatchObject({ ok: false, why: expect.stringContaining('127.0.0.1:9 to answer') as string })
  })
})

describe.skipIf(!canBuild)('our own Temporal server', () => {
  let guard: Guard
  let folder: string
  let services: RunningServices
  const said: string[] = []
  beforeAll(async () => {
    guard = await startGuard()
    folder = await mkdtemp(join(tmpdir(), 'durabench-test-'))
    services = await startServices({ needs: ['temporal'], folder, guard, prefix: 'test', addresses: {}, onProgress: (text) => said.push(text) })
  }, FIRST_BUILD_MS)
  afterAll(async () => {
    await services[Symbol.asyncDispose]()
    await guard[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })

  async function withClient<T>(use: (client: Client) => Promise<T>): Promise<T> {
    const connection = await Connection.connect({ address: services.temporalAddress! })
    try {
      return await use(new Client({ connection }))
    } finally {
      await connection.close()
    }
  }

  test('is available, and ready when it is handed over, with a namespace', async () => {
    expect(await availability('temporal', {})).toMatchObject({ ok: true, provider: expect.stringContaining('1.31.2') as string })
    await checkHealth(services.temporalAddress!)
    await withClient((client) => client.workflow.start('anything', { taskQueue: 'q', workflowId: 'before' }))
  })

  test('lies on our Postgres, in databases that start with the prefix', async () => {
    expect(await query(services.postgresUrl!, "select datname from pg_database where datname like 'test%' order by 1")).toEqual([{ datname: 'test_temporal' }, { datname: 'test_visibility' }])
    expect(new Set(services.processes().map(({ name }) => name))).toEqual(new Set(['postgres', 'temporal-server']))
    expect(services.settings.filter(({ service }) => service === 'temporal')).not.toEqual([])
  })

  test('listens on loopback only', async () => {
    const [pid] = services.server!.pids()
    const inodes = new Set(readdirSync(`/proc/${pid}/fd`).flatMap((fd) => /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? []))
    const listening = (file: string) => readFileSync(file, 'utf8').trim().split('\n').slice(1).map((line) => line.trim().split(/\s+/)).filter((fields) => fields[3] === '0A' && inodes.has(fields[9]!)).map((fields) => fields[1]!.split(':')[0])
    const addresses = listening('/proc/net/tcp')
    expect(addresses.length).toBeGreaterThanOrEqual(9)
    expect(new Set(addresses)).toEqual(new Set(['0100007F']))
    expect(listening('/proc/net/tcp6')).toEqual([])
  })

  test('after kill -9 nobody answers; after start it serves at the same address and knows its workflow', async () => {
    const server = services.server!
    const [before, pids] = [await server.proof(), server.pids()]
    await server.kill()
    expect(pids.filter((pid) => processTable().has(pid))).toEqual([])
    await expect(checkHealth(services.temporalAddress!)).rejects.toThrow()
    await server.start()
    expect(await server.proof()).not.toBe(before)
    expect(await withClient(async (client) => (await client.workflow.getHandle('before').describe()).status.name)).toBe('RUNNING')
  })

  test('while it is paused it does not answer, and resumed it is the same one', async () => {
    const server = services.server!
    const before = await server.proof()
    await server.pause()
    await expect(server.proof()).rejects.toThrow()
    await server.resume()
    expect(await server.proof()).toBe(before)
  })

  test('serves as an external one too: checked, used, never controlled', async () => {
    const addresses = { temporal: services.temporalAddress!, postgres: services.postgresUrl! }
    expect(await availability('temporal', addresses)).toMatchObject({ ok: true })
    const external = await startServices({ needs: ['temporal', 'postgres'], folder, guard, prefix: 'other', addresses, onProgress: () => {} })
    expect(external).toMatchObject({ store: null, server: null, temporalAddress: addresses.temporal })
    // Engines get a database there, which goes with the run.
    const databases = (): Promise<unknown[]> => query(services.postgresUrl!, "select datname from pg_database where datname = 'other'")
    expect([new URL(external.postgresUrl!).pathname, await databases()]).toEqual(['/other', [{ datname: 'other' }]])
    expect(external.processes()).toEqual([])
    await external[Symbol.asyncDispose]()
    expect(await databases()).toEqual([])
    await checkHealth(addresses.temporal)
  })

  test('when a leased port turns out to be taken, it takes another lease', async () => {
    const other = await leasePorts(1)
    const port = other.ports[0]!
    await using taken = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const binaries = await temporalBinaries({ folder, guard, onProgress: () => {} })
    const databases = await createDatabases({ tool: ownSqlTool(binaries.sqlTool, folder, guard), postgresUrl: services.postgresUrl!, prefix: 'taken', onCreated: () => {} })
    const leases: PortLease[] = []
    // Of places that are numbered instead of leased: the one that the frontend gets.
    const frontend = assigned(Array.from({ length: portsNeeded }, (_, i) => i)).of.frontend.rpc
    const lease = async (n: number) => {
      const good = await leasePorts(n)
      leases.push(leases.length > 0 ? good : { ...good, ports: good.ports.with(frontend, port) })
      return leases.at(-1)!
    }
    await using server = await startTemporal({ binaries, databases, postgresUrl: services.postgresUrl!, folder, guard, lease })
    expect(leases.length).toBe(2)
    expect(server.address).toBe(`127.0.0.1:${leases[1]!.ports[frontend]}`)
    await other.release()
  })

  test('split, each of its services can be killed and started again while the others live on, and serves as before', async () => {
    const binaries = await temporalBinaries({ folder, guard, onProgress: () => {} })
    const databases = await createDatabases({ tool: ownSqlTool(binaries.sqlTool, folder, guard), postgresUrl: services.postgresUrl!, prefix: 'split', onCreated: () => {} })
    await using server = await startTemporal({ binaries, databases, postgresUrl: services.postgresUrl!, folder, guard, split: true })
    expect([...server.parts.keys()].sort()).toEqual(['frontend', 'history', 'matching', 'worker'])
    expect(server.pids().length).toBe(4)
    const connection = await Connection.connect({ address: server.address })
    const client = new Client({ connection })
    await client.workflow.start('anything', { taskQueue: 'q', workflowId: 'split' })
    for (const [name, part] of server.parts) {
      const [pids, before] = [server.pids(), await part.proof()]
      await part.kill()
      expect([name, server.pids().length]).toEqual([name, 3])
      await part.start()
      expect(await part.proof()).not.toBe(before)
      expect(server.pids().filter((pid) => pids.includes(pid)).length).toBe(3)
    }
    await expect.poll(async () => (await client.workflow.getHandle('split').describe()).status.name, { timeout: 20_000 }).toBe('RUNNING')
    await connection.close()
  }, 180_000)

  test('on an external Postgres it drops its own databases at the end, and no others', async () => {
    const external = await startServices({ needs: ['temporal'], folder, guard, prefix: 'guest', addresses: { postgres: services.postgresUrl! }, onProgress: () => {} })
    await expect(startServices({ needs: ['temporal'], folder, guard, prefix: 'guest', addresses: { postgres: services.postgresUrl! }, onProgress: () => {} })).rejects.toThrow('expected no database guest_temporal yet')
    await checkHealth(external.temporalAddress!)
    await external[Symbol.asyncDispose]()
    expect(await query(services.postgresUrl!, "select count(*)::int as n from pg_database where datname like 'guest%'")).toEqual([{ n: 0 }])
    await checkHealth(services.temporalAddress!)
  })
})
