import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Guard } from '../../processes/guard.ts'
import { startGuard } from '../../processes/guard.ts'
import { leasePorts } from '../../processes/ports.ts'
import { processRow, processTable } from '../../processes/table.ts'
import { ServiceError } from '../error.ts'
import { checkPostgres, mustBeNewEnough } from './external.ts'
import { query } from './query.ts'
import type { RunningPostgres } from './server.ts'
import { startPostgres } from './server.ts'

let guard: Guard
let folder: string
let postgres: RunningPostgres
beforeAll(async () => {
  guard = await startGuard()
  folder = await mkdtemp(join(tmpdir(), 'durabench-test-'))
  postgres = await startPostgres({ folder, guard })
})
afterAll(async () => {
  await postgres[Symbol.asyncDispose]()
  await guard[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const dataFolder = (server: RunningPostgres) => readlinkSync(`/proc/${server.pids()[0]}/cwd`)

describe('our own Postgres', () => {
  test('is version 18 with fsync on, listens on loopback only, and wants its password', async () => {
    const [row] = await query(postgres.url, `select current_setting('server_version_num')::int / 10000 as major, current_setting('fsync') as fsync,
      current_setting('synchronous_commit') as commit, current_setting('listen_addresses') as listen, current_setting('max_connections') as connections`)
    expect(row).toEqual({ major: 18, fsync: 'on', commit: 'on', listen: '127.0.0.1', connections: '300' })
    const wrong = new URL(postgres.url)
    wrong.password = 'wrong'
    await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  })

  test('is reached without TLS, whatever the user\'s shell says of other servers', async ({ onTestFinished }) => {
    const before = process.env['PGSSLMODE']
    onTestFinished(() => {
      if (before === undefined) delete process.env['PGSSLMODE']
      else process.env['PGSSLMODE'] = before
    })
    process.env['PGSSLMODE'] = 'require'
    expect(await query(postgres.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('does not run as root, whoever runs the harness', () => {
    const uid = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${postgres.pids()[0]}/status`, 'utf8'))![1]
    expect(Number(uid)).not.toBe(0)
    if (process.getuid!() !== 0) expect(Number(uid)).toBe(process.getuid!())
  })

  test('after kill -9 no process of it is left, not even a busy backend; after start the committed row is there', async () => {
    await query(postgres.url, 'create table kept (n int)')
    await query(postgres.url, 'insert into kept values (42)')
    const before = await postgres.startTime()
    const busy = new Client({ connectionString: postgres.url }).on('error', () => {})
    await busy.connect()
    const lost = expect(busy.query('select count(*) from generate_series(1, 1000000000)')).rejects.toThrow()
    await expect.poll(() => postgres.pids().some((pid) => processRow(pid)?.state === 'R'), { interval: 5 }).toBe(true)
    const pids = postgres.pids()
    expect(pids.length).toBeGreaterThan(3)
    await postgres.kill()
    await lost
    expect(pids.filter((pid) => processTable().has(pid))).toEqual([])
    expect(postgres.pids()).toEqual([])
    await expect(postgres.proof()).rejects.toThrow()

    await postgres.start()
    expect(await query(postgres.url, 'select n from kept')).toEqual([{ n: 42 }])
    expect(await postgres.startTime()).not.toBe(before)
  })

  test('a busy backend that outlived its postmaster is still known, and ended by kill', async () => {
    const busy = new Client({ connectionString: postgres.url }).on('error', () => {})
    await busy.connect()
    const lost = expect(busy.query('select count(*) from generate_series(1, 1000000000)')).rejects.toThrow()
    await expect.poll(() => postgres.pids().find((pid) => processRow(pid)?.state === 'R'), { interval: 5 }).toBeDefined()
    const [postmaster] = postgres.pids()
    process.kill(postmaster!, 'SIGKILL')
    await expect.poll(() => processTable().has(postmaster!)).toBe(false)
    expect(postgres.pids()).not.toEqual([])
    await postgres.kill()
    await lost
    expect(postgres.pids()).toEqual([])
    await postgres.start()
  })

  test('while it is paused all of its processes are stopped; resumed, it answers with the same start time', async () => {
    const before = await postgres.proof()
    await postgres.pause()
    expect(new Set(postgres.pids().map((pid) => processRow(pid)?.state))).toEqual(new Set(['T']))
    await postgres.resume()
    expect(await postgres.proof()).toBe(before)
  })

  test('refuses what does not fit its state', async () => {
    await expect(postgres.start()).rejects.toThrow('expected postgres to be stopped, found it running')
    await expect(postgres.resume()).rejects.toThrow('expected postgres to be paused, found it running')
  })

  test('counts the bytes of its write-ahead log', async () => {
    const before = await postgres.walBytes()
    await query(postgres.url, "create table filler as select repeat('x', 1000) from generate_series(1, 1000)")
    expect((await postgres.walBytes()) - before).toBeGreaterThan(1_000_000)
  })

  test('a second one has data of its own, and disposing it leaves neither a process nor its folder, even when it was killed or paused', async () => {
    for (const hurt of ['kill', 'pause'] as const) {
      const second = await startPostgres({ folder, guard })
      await expect(query(second.url, 'select n from kept')).rejects.toThrow('does not exist')
      const [data, pids] = [dataFolder(second), second.pids()]
      await second[hurt]()
      await second[Symbol.asyncDispose]()
      expect(pids.filter((pid) => processTable().has(pid))).toEqual([])
      expect(existsSync(data)).toBe(false)
    }
    expect(existsSync(dataFolder(postgres))).toBe(true)
  })

  test('when a leased port turns out to be taken, it takes another lease', async () => {
    await using taken = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as AddressInfo
    let leases = 0
    const lease = (n: number) => (leases++ === 0 ? Promise.resolve({ ports: [port], release: () => Promise.resolve() }) : leasePorts(n))
    await using server = await startPostgres({ folder, guard, lease })
    expect(leases).toBe(2)
    expect(new URL(server.url).port).not.toBe(`${port}`)
  })
})

describe('an external Postgres', () => {
  const changed = (change: (url: URL) => void) => {
    const url = new URL(postgres.url)
    change(url)
    return url.href
  }
  const failure = (url: string) => checkPostgres(url).then(() => expect.unreachable(), (error: unknown) => error as ServiceError)

  test('is accepted when it answers, is new enough and lets its user make databases', async () => {
    expect(await checkPostgres(postgres.url)).toMatchObject({ url: postgres.url, version: expect.stringMatching(/^18/) as string })
  })

  for (const [what, url, expected] of [
    ['a wrong password', () => changed((u) => void (u.password = 'hunter2')), /accept user postgres with the password given, found a refusal \(28P01\)/],
    ['no password', () => changed((u) => void (u.password = '')), /found no password given/],
    ['a database that is not there', () => changed((u) => void (u.pathname = '/absent')), /expected database absent at 127.0.0.1:\d+, found none/],
    ['a closed port', () => 'postgres://me:hunter2@127.0.0.1:9/x', /to answer at 127.0.0.1:9, found ECONNREFUSED/],
    ['an unknown host', () => 'postgres://me:hunter2@no-such-host.invalid/x', /found (ENOTFOUND|EAI_AGAIN)/],
    ['no URL', () => 'hunter2 at localhost', /an address like postgres:/],
    ['a URL of another kind', () => 'mysql://me:hunter2@localhost/x', /an address like postgres:/],
    ['a URL without a host', () => 'postgres:///x', /an address like postgres:/],
    ['a malformed port', () => 'postgres://me:hunter2@localhost:99999/x', /an address like postgres:/],
  ] as const) {
    test(`${what} is explained, and no password shown`, async () => {
      const error = await failure(url())
      expect(error).toBeInstanceOf(ServiceError)
      expect(error.message).toMatch(expected)
      expect(error.message).not.toContain('hunter2')
      expect(error.message).not.toContain(new URL(postgres.url).password)
    })
  }

  test('a user who may not make databases is explained', async () => {
    await query(postgres.url, "create role modest login password 'modest'")
    const error = await failure(changed((url) => Object.assign(url, { username: 'modest', password: 'modest' })))
    expect(error.message).toContain('ALTER ROLE modest CREATEDB')
  })

  test('a version older than 14 is refused', () => {
    expect(() => mustBeNewEnough(130_023, '13.23', 'db:5432')).toThrow('expected Postgres 14 or newer at db:5432, found 13.23')
    expect(() => mustBeNewEnough(140_000, '14.0', 'db:5432')).not.toThrow()
  })
})
