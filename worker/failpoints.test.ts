import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ArmedFailpoint, ArmedFailpoints } from '../contract/plan.ts'
import { loadFailpoints, type Claim } from './failpoints.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'durabench-failpoints-'))
  mkdirSync(join(folder, 'claims'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function arm(attempt: number, ...more: readonly Partial<ArmedFailpoint>[]): string {
  const file = join(folder, 'failpoints.json')
  const first: ArmedFailpoint = { fault: 'after-effect-2', workflowId: 'crash-s1-3', seq: 2, attempt, point: 'after-effect' }
  const points = [first, ...more.map((changes) => ({ ...first, ...changes }))]
  writeFileSync(file, JSON.stringify({ claims: join(folder, 'claims'), points } satisfies ArmedFailpoints))
  return file
}

const program = (file: string, incarnation: string, points: readonly string[], how: 'reached' | 'passed'): readonly string[] => ['--input-type=module', '-e', `
  import { loadFailpoints } from ${JSON.stringify(import.meta.resolve('./failpoints.ts'))}
  const target = loadFailpoints(${JSON.stringify(file)}, ${JSON.stringify(incarnation)}).at('crash-s1-3', 2)
  for (const point of ${JSON.stringify(points)}) await target.${how}(point)`]

/** A process of its own comes to these points of the op; says what became of it. */
function worker(file: string, incarnation: string, ...points: readonly string[]): { signal: string | null; pid: number } {
  const { signal, pid } = spawnSync(process.execPath, program(file, incarnation, points, 'reached'))
  return { signal, pid }
}

it('the bound point kills whoever comes to it, once, and the claim names the victim', () => {
  const file = arm(1)
  const victim = worker(file, 'worker0-1', 'before-effect', 'after-effect')
  expect(victim.signal).toBe('SIGKILL')
  expect(JSON.parse(readFileSync(join(folder, 'claims', 'after-effect-2.claim'), 'utf8')) as Claim)
    .toMatchObject({ fault: 'after-effect-2', incarnation: 'worker0-1', workflowId: 'crash-s1-3', seq: 2, attempt: 1, pid: victim.pid })
  expect(worker(file, 'worker0-2', 'before-effect', 'after-effect').signal).toBeNull()
})

it('attempts are counted over processes: the second to come there dies', () => {
  const file = arm(2)
  expect(worker(file, 'worker0-1', 'before-effect', 'after-effect').signal).toBeNull()
  expect(worker(file, 'worker1-2', 'before-effect', 'after-effect').signal).toBe('SIGKILL')
})

it('an op without a failpoint has no target, and without a file none has', () => {
  expect(loadFailpoints(arm(1), 'worker0-1').at('crash-s1-3', 1)).toBeUndefined()
  expect(loadFailpoints(arm(1), 'worker0-1').at('crash-s1-4', 2)).toBeUndefined()
  expect(loadFailpoints(null, 'worker0-1').at('crash-s1-3', 2)).toBeUndefined()
})

it('a point after another one strikes whoever comes first once that one was claimed, whatever the attempt', () => {
  const file = arm(1, { fault: 'again', point: 'before-effect', after: 'after-effect-2' })
  expect(worker(file, 'worker0-1', 'before-effect', 'before-effect', 'after-effect').signal).toBe('SIGKILL')
  expect(worker(file, 'worker0-2', 'before-effect', 'after-effect').signal).toBe('SIGKILL')
  expect(JSON.parse(readFileSync(join(folder, 'claims', 'again.claim'), 'utf8')) as Claim).toMatchObject({ incarnation: 'worker0-2', attempt: 3 })
  expect(worker(file, 'worker0-3', 'before-effect', 'after-effect').signal).toBeNull()
})

it.each(['reached', 'passed'] as const)('where a service is the victim, whoever comes there (%s) waits for word that it is dead', async (how) => {
  const file = arm(1, { fault: 'store', point: 'before-effect', waits: true })
  const child = spawn(process.execPath, program(file, 'worker0-1', ['before-effect'], how), { stdio: 'ignore' })
  const exited = once(child, 'exit')
  const claim = join(folder, 'claims', 'store.claim')
  await expect.poll(() => existsSync(claim) && readFileSync(claim, 'utf8') !== '', { timeout: 10_000 }).toBe(true)
  expect(JSON.parse(readFileSync(claim, 'utf8')) as Claim).toMatchObject({ fault: 'store', waits: true })
  expect(child.exitCode).toBeNull()
  writeFileSync(join(folder, 'claims', 'store.go'), '')
  expect(await exited).toEqual([0, null])
})
