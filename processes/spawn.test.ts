import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Guard } from './guard.ts'
import { startGuard } from './guard.ts'
import type { SpawnSpec } from './spawn.ts'
import { spawnOwned } from './spawn.ts'
import { environmentOf, processRow, standStill, type ProcessRow } from './table.ts'

let guard: Guard
let folder: string
let logs = 0
beforeAll(async () => {
  guard = await startGuard()
  folder = await mkdtemp(join(tmpdir(), 'durabench-test-'))
})
afterAll(async () => {
  await guard[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const shell = (script: string, more: Partial<SpawnSpec> = {}) => spawnOwned({ argv: ['sh', '-c', script], logFile: join(folder, `${logs++}.log`), guard, ...more })

test('a line is found whether it was printed before or after one asks for it, on stdout or stderr', async () => {
  await using owned = shell('echo one; echo two >&2; sleep 0.2; echo three; sleep 300')
  await owned.line((line) => line === 'one', 5_000)
  expect(await owned.line((line) => line.startsWith('th'), 5_000)).toBe('three')
  expect(await owned.line((line) => line === 'two', 5_000)).toBe('two')
})

test('waiting for a line that never comes ends with the deadline, or with the exit, and quotes the log', async () => {
  await using owned = shell('echo hello; sleep 300')
  await expect(owned.line((line) => line === 'ready', 300)).rejects.toThrow(/within 300 ms[^]*hello/)
  await using dying = shell('echo no space left; exit 3')
  await expect(dying.line((line) => line === 'ready', 5_000)).rejects.toThrow(/exited with code 3[^]*no space left/)
})

test('a later process that appends to the same log is not taken for the earlier one', async () => {
  const logFile = join(folder, 'shared.log')
  await shell('echo ready', { logFile }).exited
  await using second = shell('sleep 300', { logFile })
  await expect(second.line((line) => line === 'ready', 200)).rejects.toThrow()
})

test('it carries the token, and with bareEnv nothing else of the harness', async () => {
  await using owned = shell('sleep 300', { env: { SOME: 'thing' }, bareEnv: true })
  expect(environmentOf(owned.pid).filter(Boolean).toSorted()).toEqual([`DURABENCH_TOKEN=${guard.token}`, 'SOME=thing'])
})

test('a paused process does nothing until it is resumed', async () => {
  const count = join(folder, 'count')
  await using owned = shell(`while true; do echo x >> ${count}; sleep 0.01; done`)
  await expect.poll(() => readFile(count, 'utf8').catch(() => '')).toContain('x')
  await owned.pause()
  // D where it was stopped between the fork and the exec of its `sleep`.
  expect(['T', 'D']).toContain(processRow(owned.pid)?.state)
  const before = await readFile(count, 'utf8')
  await sleep(200)
  expect(await readFile(count, 'utf8')).toBe(before)
  await owned.resume()
  await expect.poll(async () => (await readFile(count, 'utf8')).length).toBeGreaterThan(before.length)
})

test('a parent that the kernel holds until its stopped child has become another program stands still; one that waits for a disk does not yet', () => {
  const row = (pid: number, ppid: number, state: string): ProcessRow => ({ pid, ppid, state, pgrp: 1, startTicks: '', program: 'sh' })
  expect(standStill([row(1, 0, 'D'), row(2, 1, 'T')])).toBe(true)
  expect(standStill([row(1, 0, 'D'), row(2, 1, 'S')])).toBe(false)
  expect(standStill([row(1, 0, 'D'), row(2, 0, 'T')])).toBe(false)
  expect(standStill([row(1, 0, 'R'), row(2, 1, 'T')])).toBe(false)
})

test('pausing a process that is dead fails instead of waiting', async () => {
  const owned = shell('exit 0')
  await owned.exited
  await expect(owned.pause()).rejects.toThrow('should be stopped, but it exited with code 0')
})

test('kill reaches its children, and a paused process too', async () => {
  const owned = shell('sleep 300 & echo $!; wait')
  const child = Number(await owned.line((line) => /^\d+$/.test(line), 5_000))
  await owned.pause()
  expect(owned.exit).toBe(null)
  expect(await owned.kill()).toMatchObject({ code: null, signal: 'SIGKILL' })
  expect(owned.exit?.atMs).toBeGreaterThan(0)
  await expect.poll(() => processRow(child)?.state ?? 'Z').toBe('Z')
})

test('terminate lets a process end by itself within the grace', async () => {
  const owned = shell("trap 'echo bye; exit 7' TERM; echo ready; while true; do sleep 0.05; done")
  await owned.line((line) => line === 'ready', 5_000)
  expect(await owned.terminate('SIGTERM', 10_000)).toMatchObject({ code: 7, signal: null })
})

test('terminate kills a process that is deaf to it after the grace', async () => {
  const owned = shell("trap '' TERM; echo ready; while true; do sleep 0.05; done")
  await owned.line((line) => line === 'ready', 5_000)
  expect(await owned.terminate('SIGTERM', 200)).toMatchObject({ signal: 'SIGKILL' })
})

test('a program that does not exist fails at once', () => {
  expect(() => spawnOwned({ argv: ['/nonexistent/program'], logFile: join(folder, 'none.log'), guard })).toThrow('could not start /nonexistent/program')
})

test('messages pass both ways over ipc, and a piped stdin can be ended', async () => {
  const script = "process.on('message', (m) => process.send({ echo: m })); process.stdin.on('end', () => process.exit(5)).resume(); console.log('ready')"
  const owned = spawnOwned({ argv: [process.execPath, '-e', script], logFile: join(folder, 'ipc.log'), guard, ipc: true, stdin: 'pipe' })
  const answered = new Promise((resolve) => owned.onMessage(resolve))
  await owned.line((line) => line === 'ready', 10_000)
  owned.send({ n: 1 })
  expect(await answered).toEqual({ echo: { n: 1 } })
  owned.closeInput()
  expect((await owned.exited).code).toBe(5)
  expect(() => owned.send({})).toThrow('exited with code 5')
})
