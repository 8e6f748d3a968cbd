// What a user gets wrong, or a machine lacks: one line that says what was expected, found and to be done, and the exit code for it.
import { createServer } from 'node:net'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startGuard } from '../processes/guard.ts'
import { startPostgres } from '../services/postgres/server.ts'
import { room, type Room } from './testing/command.ts'

let place: Room
beforeEach(() => void (place = room()))
afterEach(() => place[Symbol.dispose]())

const refused: readonly [what: string, argv: readonly string[], says: string][] = [
  ['a command', ['bnech'], "expected one of the commands bench, crash, faults, matrix, chaos, recovery, shrink, check, report, doctor, list, clean, suite, init-driver, selftest, micro, found 'bnech'"],
  ['a flag', ['bench', '--fast'], "Unknown option '--fast'"],
  ['a flag of a command without any', ['list', '--fast'], 'this command has no flags'],
  ['a driver', ['bench', '--drivers', 'homegrow'], "expected --drivers to name some of volatile, homegrown, dbos, temporal, or a module by a path that begins with . or /, found 'homegrow'"],
  ['a driver of its own', ['bench', '--drivers', './mine.ts'], "expected --drivers to name a driver's module, found no file"],
  ['a scenario', ['crash', '--scenarios', 'script'], "expected --scenarios to name some of purchase, approval-race, children, transfer, chat, "],
  ['a number', ['bench', '--seconds', '0'], "expected --seconds to be a whole number from 1 to 3600, found '0'"],
  ['a seed', ['selftest', '--seed', 'abc'], "expected --seed to be a whole number from 0 to 2147483648, found 'abc'"],
  ['a Postgres URL', ['bench', '--postgres', 'localhost'], 'expected --postgres to be an address like postgres://USER:PASSWORD@HOST:PORT/DATABASE'],
  ['a Temporal address', ['doctor', '--temporal', 'http://x:7233'], "expected --temporal to be HOST:PORT without a scheme or path, like 127.0.0.1:7233, found 'http://x:7233'"],
  ['a server of yours', ['bench', '--postgres', 'postgres://u@127.0.0.1/x?host=db.example.org', '--temporal', 'temporal.example.org:7233', '--i-own-this', 'other'], "expected --i-own-this db.example.org,temporal.example.org beside an address that is not on this machine, found 'other'"],
  ["a run's folder to check", ['check', 'nowhere'], 'expected nowhere to hold'],
  ["a run's folder to report", ['report', 'nowhere'], 'expected nowhere to be a run\'s folder with run.json in it, found no such folder'],
  ['a range of workers', ['chaos', '--workers', '4..2'], "expected --workers to be a number or a range like 2..4, found '4..2'"],
  ['a store that chaos may hurt', ['chaos', '--postgres', 'postgres://u@127.0.0.1:1/x'], 'expected no --postgres: chaos kills the store and cuts its connections, so it takes one that it started itself'],
  ['a round to shrink', ['shrink'], 'expected --round N, the one that failed'],
  ['a fault of that round', ['chaos', '--round', '1', '--only', 'meteor'], 'expected --only to name faults of this round (hold-commit-1, kill-1, '],
  ['a mix of faults', ['chaos', '--mixes', 'storm'], 'expected --mixes to name some of links, operations, disk, fsync, clocks, partitions, toxics, failover, found \'storm\''],
  ['a round of its own', ['chaos', '--only', 'kill-1'], 'expected --round beside --only'],
  ['a place for results', ['bench', '--out', '/proc/durabench'], 'expected --out to name a folder that can be made'],
]

describe('ends with 2 and one line about', () => {
  for (const [what, argv, says] of refused) {
    test(`what is not ${what}: durabench ${argv.join(' ')}`, async () => {
      const { code, stdout, stderr } = await place.run(argv)
      expect(stderr).toContain(`durabench: `)
      expect(stderr).toContain(says)
      expect([stderr.trim().split('\n').length, stdout, code]).toEqual([1, '', 2])
      expect(existsSync(join(place.folder, 'results'))).toBe(false)
    })
  }

  test('a results folder with something in it, which stays as it is', async () => {
    mkdirSync(join(place.folder, 'old'))
    writeFileSync(join(place.folder, 'old', 'evidence'), '')
    const { code, stderr } = await place.run(['bench', '--out', 'old'])
    expect([code, readdirSync(join(place.folder, 'old'))]).toEqual([2, ['evidence']])
    expect(stderr).toContain('expected --out to name a new or empty folder, found files in')
    expect(await place.settled()).toEqual([])
  })

  test('a driver of its own that is none; its stack only with --stacks', async () => {
    writeFileSync(join(place.folder, 'mine.ts'), "export const driver = { title: 'mine' }")
    const plain = await place.run(['bench', '--drivers', './mine.ts'])
    expect([plain.code, plain.stderr.trim().split('\n').length]).toEqual([2, 1])
    expect(plain.stderr).toContain('expected the driver of ./mine.ts to be whole (contract/driver.ts), found no needs, placement')
    expect((await place.run(['bench', '--stacks', '--drivers', './mine.ts'])).stderr).toMatch(/\n {4}at /)
  })
})

describe('ends with 13 before anything starts, where a server was named', () => {
  test.each([
    ['nobody answers', ['--postgres', 'postgres://u:secret@127.0.0.1:1/x'], 'expected Postgres to answer at 127.0.0.1:1, found ECONNREFUSED'],
    ['nobody answers', ['--temporal', '127.0.0.1:1'], 'expected a Temporal server at 127.0.0.1:1 to answer'],
  ])('and %s: %j', async (_what, argv, says) => {
    const { code, stdout, stderr } = await place.run(['bench', ...argv])
    expect([code, stdout]).toEqual([13, ''])
    expect(stderr).toContain(says)
    expect(stderr).not.toContain('secret')
    expect(existsSync(join(place.folder, 'results'))).toBe(false)
  })

  test('and something else than Postgres answers', async () => {
    const other = createServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n')).listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { code, stderr } = await place.run(['bench', '--postgres', `postgres://u:secret@127.0.0.1:${(other.address() as { port: number }).port}/x`])
    other.close()
    expect(code).toBe(13)
    expect(stderr).toMatch(/expected Postgres to answer at 127\.0\.0\.1:\d+, found/)
    expect(stderr).not.toContain('    at ')
  })
})

test('a Postgres that refuses the password ends a run with 13, and the password is not shown', async () => {
  await using guard = await startGuard()
  await using postgres = await startPostgres({ folder: place.folder, guard })
  const refused = await place.run(['bench', '--postgres', postgres.url.replace(/:[^:@]+@/, ':wrong-one@')])
  expect([refused.code, refused.stdout]).toEqual([13, ''])
  expect(refused.stderr).toMatch(/accept user postgres with the password given, found a refusal \(28P01\)/)
  expect(refused.stderr).not.toContain('wrong-one')
}, 60_000)

test('with --require, an engine that this machine can not have ends a run with 13 and says why', async () => {
  const { code, stdout } = await place.run(['bench', '--drivers', 'temporal', '--require', 'temporal', '--out', 'run'], { GO: '/nonexistent', PATH: '/nonexistent', XDG_CACHE_HOME: place.folder, DOCKER_HOST: 'unix:///no/such/docker.sock' })
  expect(code).toBe(13)
  expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/temporal was required and did not run: Temporal's server is built from source, and no Go was found: spawn \/nonexistent ENOENT; expected a Docker engine that answers user \S+, found none at DOCKER_HOST=\S+; there is no program temporal on the PATH for Temporal's dev server; install Go/)
})

test('a reader that leaves early is no failure', async () => {
  const run = place.start(['list'])
  run.stopReading()
  expect((await run.ended).code).toBe(0)
})
