// The ground of faults, tried for real: a disk that forgets what was not synced, a shim inside a running program, a worker without memory.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, fsyncSync, mkdtempSync, openSync, readFileSync, realpathSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Guard } from '../../processes/guard.ts'
import { startGuard } from '../../processes/guard.ts'
import { spawnOwned } from '../../processes/spawn.ts'
import { groundAvailability } from './availability.ts'
import { makeDisk } from './disk.ts'
import { starve } from './memory.ts'
import { makeShim } from './shim.ts'

const smallBytes = 32 * 2 ** 20
let guard: Guard
let folder: string
beforeAll(async () => {
  guard = await startGuard()
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'durabench-test-')))
})
afterAll(async () => {
  await guard[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

const mounts = (): string => readFileSync('/proc/self/mounts', 'utf8')

describe.runIf(process.getuid?.() === 0)('a disk of its own', () => {
  test('a power cut takes what was not synced and leaves what was; then it can be written again', async () => {
    await using disk = await makeDisk(folder, guard, null, smallBytes)
    const [kept, lost] = [join(disk.path, 'kept'), join(disk.path, 'lost')]
    const file = openSync(kept, 'w')
    writeSync(file, 'kept')
    fsyncSync(file)
    closeSync(file)
    writeFileSync(lost, 'x'.repeat(100_000))
    await disk.cut()
    expect(() => writeFileSync(join(disk.path, 'later'), 'x')).toThrow(/EIO|EROFS/)
    expect(await disk.restore()).toContain('not synced is gone')
    expect(readFileSync(kept, 'utf8')).toBe('kept')
    expect(existsSync(lost) && readFileSync(lost, 'utf8').includes('x')).toBe(false)
    writeFileSync(lost, 'again')
  })

  test('what was settled before survives', async () => {
    await using disk = await makeDisk(folder, guard, null, smallBytes)
    writeFileSync(join(disk.path, 'settled'), 'settled')
    await disk.settle()
    await disk.cut()
    await disk.restore()
    expect(readFileSync(join(disk.path, 'settled'), 'utf8')).toBe('settled')
  })

  test('full, it takes no byte more, until there is room again', async () => {
    await using disk = await makeDisk(folder, guard, null, smallBytes)
    expect(await disk.fill()).toMatch(/^0 blocks free/)
    expect(() => writeFileSync(join(disk.path, 'more'), 'x'.repeat(8_192))).toThrow('ENOSPC')
    await disk.makeRoom()
    writeFileSync(join(disk.path, 'more'), 'x'.repeat(8_192))
  })

  test('disposed, it leaves neither mount nor image', async () => {
    const disk = await makeDisk(folder, guard, null, smallBytes)
    expect(mounts()).toContain(disk.path)
    await disk[Symbol.asyncDispose]()
    expect(mounts()).not.toContain(disk.path)
    expect(existsSync(`${disk.path}.img`)).toBe(false)
  })

  test('after kill -9 of a harness with a mounted disk, neither the mount nor its folder is left', async () => {
    const harness = `
      const { startGuard } = await import(${JSON.stringify(new URL('../../processes/guard.ts', import.meta.url).href)})
      const { makeDisk } = await import(${JSON.stringify(new URL('./disk.ts', import.meta.url).href)})
      const guard = await startGuard()
      const folder = guard.makeFolder(${JSON.stringify(join(folder, 'harness-'))})
      const disk = await makeDisk(folder, guard, null, ${smallBytes})
      console.log(disk.path)
      setInterval(() => {}, 1_000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', harness], { stdio: ['ignore', 'pipe', 'inherit'] })
    const path = ((await once(child.stdout, 'data')) as [Buffer])[0].toString().trim()
    expect(mounts()).toContain(path)
    child.kill('SIGKILL')
    await expect.poll(() => [mounts().includes(path), existsSync(path)], { timeout: 8_000, interval: 50 }).toEqual([false, false])
  })
})

describe.runIf(process.platform === 'linux')('a shim', () => {
  /** Tells every 20 ms what its clocks say, and what an fsync came to. */
  const talker = `
    const fs = require('node:fs')
    const file = fs.openSync(process.argv[1], 'w')
    setInterval(() => {
      const began = performance.now()
      let code = 'ok'
      try { fs.fsyncSync(file) } catch (error) { code = error.code }
      console.log(JSON.stringify({ aheadMs: Date.now() - Number(process.env.ZERO) - (performance.timeOrigin + performance.now() - Number(process.env.ZERO)), code, tookMs: performance.now() - began }))
    }, 20)`

  test('steps the clock, slows fsync down and lets it fail, in a program that runs, and counts what it met', async () => {
    using shim = await makeShim(guard, 'test')
    await using owned = spawnOwned({ argv: [process.execPath, '-e', talker, join(folder, 'synced')], env: { ...shim.env, ZERO: '0' }, logFile: join(folder, 'talker.log'), guard })
    interface Said { aheadMs: number; code: string; tookMs: number }
    const says = (matches: (said: Said) => boolean): Promise<string> => owned.line((line) => matches(JSON.parse(line) as Said), 10_000)
    await says(({ aheadMs, code }) => Math.abs(aheadMs) < 1_000 && code === 'ok')
    expect(shim.met()).toEqual({ clockReads: 0, fsyncs: 0 })
    shim.stepClock(-3_600_500)
    await says(({ aheadMs }) => Math.abs(aheadMs + 3_600_500) < 1_000)
    expect(shim.met().clockReads).toBeGreaterThan(0)
    shim.stepClock(0)
    shim.slowFsync(150)
    await says(({ tookMs, code }) => tookMs >= 150 && code === 'ok')
    shim.slowFsync(0)
    shim.failFsync(true)
    await says(({ code }) => code === 'EIO')
    expect(shim.met().fsyncs).toBeGreaterThan(1)
  })
})

describe.runIf(process.platform === 'linux')('memory', () => {
  test('a program at work ends without it, by its own last words', async () => {
    const glutton = 'const kept = []; console.log("ready"); setInterval(() => kept.push(new Array(100_000).fill(kept.length)), 5)'
    const owned = spawnOwned({ argv: [process.execPath, '-e', glutton], logFile: join(folder, 'glutton.log'), guard })
    await owned.line((line) => line === 'ready', 10_000)
    const { saw, outOfMemory } = await starve(owned)
    expect([saw, outOfMemory]).toEqual([expect.stringMatching(/^SIG\w+ at \d+ MiB of address space: .*(memory|llocation)/), true])
  })
})

test('what this machine allows is told with how to get the rest', async () => {
  for (const name of ['disk', 'shim', 'memory'] as const) {
    const found = await groundAvailability(name, guard)
    expect(found.ok ? found.provider : found.how).not.toBe('')
  }
})
