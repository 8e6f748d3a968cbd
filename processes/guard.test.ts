import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startGuard } from './guard.ts'
import { spawnOwned } from './spawn.ts'
import { environmentOf, processTable } from './table.ts'

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'durabench-test-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

/** A harness that owns a child and its grandchild, both deaf to polite signals, and one that it started but never tracked. */
const harness = (at: string) => `
  import { spawn } from 'node:child_process'
  const { startGuard } = await import(${JSON.stringify(new URL('./guard.ts', import.meta.url).href)})
  const { spawnOwned } = await import(${JSON.stringify(new URL('./spawn.ts', import.meta.url).href)})
  const guard = await startGuard()
  guard.makeFolder(${JSON.stringify(join(at, 'temporary-'))})
  const owned = spawnOwned({ argv: ['sh', '-c', "trap '' TERM INT HUP; setsid sleep 300 & sleep 300"], logFile: ${JSON.stringify(join(at, 'log'))}, guard })
  const stray = spawn('sleep', ['300'], { detached: true, stdio: 'ignore', env: { ...process.env, DURABENCH_TOKEN: guard.token } })
  stray.unref()
  console.log(guard.token, owned.pid, stray.pid)
  process.once('SIGTERM', () => process.exit())
`

const temporary = (): string[] => readdirSync(folder).filter((name) => name.startsWith('temporary-'))

async function startHarness() {
  const child = spawn(process.execPath, ['--input-type=module', '-e', harness(folder)], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const token = line.toString().split(' ')[0]!
  await expect.poll(() => ofRun(token).length).toBeGreaterThanOrEqual(5)
  expect(temporary()).toHaveLength(1)
  return { child, token }
}

/** The guard and all that carries the token. */
function ofRun(token: string): number[] {
  return [...processTable().keys()].filter((pid) => environmentOf(pid).some((entry) => entry.endsWith(`=${token}`)))
}

for (const [how, end] of [
  ['kill -9', (pid: number) => process.kill(pid, 'SIGKILL')],
  ['kill -9 of its whole group', (pid: number) => process.kill(-pid, 'SIGKILL')],
  ['an exit without a dispose', (pid: number) => process.kill(pid, 'SIGTERM')],
] as const) {
  test(`after ${how} no process and no tracked folder of the harness is left within 5 s`, async () => {
    const { child, token } = await startHarness()
    end(child.pid!)
    await expect.poll(() => ofRun(token), { timeout: 5_000, interval: 50 }).toEqual([])
    expect(temporary()).toEqual([])
  })
}

test('a guard does not mind the signals that end a harness', async () => {
  const guard = await startGuard()
  const [pid] = ofRun(guard.token)
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid!, name)
  await sleep(200)
  expect(ofRun(guard.token)).toEqual([pid])
  await guard[Symbol.asyncDispose]()
})

test('disposing a guard leaves neither it, nor a process, nor a tracked path, and spares an untracked path', async () => {
  const guard = await startGuard()
  const [kept, removed] = [guard.makeFolder(join(folder, 'kept-')), guard.makeFolder(join(folder, 'removed-'))]
  guard.untrackPath(kept)
  const owned = spawnOwned({ argv: ['sleep', '300'], logFile: join(folder, 'log'), guard })
  await guard[Symbol.asyncDispose]()
  expect((await owned.exited).signal).toBe('SIGKILL')
  expect(ofRun(guard.token)).toEqual([])
  expect([existsSync(kept), existsSync(removed)]).toEqual([true, false])
})

test('a process of somebody else is left alone', async () => {
  const guard = await startGuard()
  const other = spawn('sleep', ['300'], { cwd: guard.makeFolder(join(folder, 'visited-')), stdio: 'ignore' })
  await guard[Symbol.asyncDispose]()
  expect(processTable().has(other.pid!)).toBe(true)
  other.kill('SIGKILL')
})

test('without its guard a run starts nothing more', async () => {
  const guard = await startGuard()
  process.kill(ofRun(guard.token)[0]!, 'SIGKILL')
  await expect.poll(() => {
    try {
      guard.track(process.pid)
    } catch (error) {
      return String(error)
    }
    return guard.untrack(process.pid)
  }).toContain('guard process is gone')
  await guard[Symbol.asyncDispose]()
})

test('once it is disposed of, what is still at work starts nothing and makes no folder', async () => {
  const guard = await startGuard()
  const disposed = guard[Symbol.asyncDispose]()
  expect(() => guard.makeFolder(join(folder, 'temporary-'))).toThrow('guard process is gone')
  expect(() => spawnOwned({ argv: ['sleep', '300'], logFile: join(folder, 'log'), guard })).toThrow('guard process is gone')
  await disposed
  expect([temporary(), ofRun(guard.token)]).toEqual([[], []])
})

test('what no process holds is undone when all processes are gone, the last first, before paths are removed; what was taken back is left', async () => {
  const guard = await startGuard()
  const [log, tracked] = [join(folder, 'undone'), guard.makeFolder(join(folder, 'tracked-'))]
  const owned = spawnOwned({ argv: ['sleep', '300'], logFile: join(folder, 'log'), guard })
  const note = (what: string) => ['sh', '-c', `echo ${what} $(test -d ${tracked} && echo there) $(kill -0 ${owned.pid} 2>/dev/null && echo alive) >> ${log}`] as const
  for (const what of ['first', 'taken-back', 'second']) guard.trackUndo(note(what))
  guard.trackUndo(['/no/such/program'])
  guard.untrackUndo(note('taken-back'))
  await guard[Symbol.asyncDispose]()
  expect(await readFile(log, 'utf8')).toBe('second there\nfirst there\n')
})
