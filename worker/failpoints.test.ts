import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ArmedFailpoints } from '../contract/plan.ts'
import { loadFailpoints, type Claim } from './failpoints.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'durabench-failpoints-'))
  mkdirSync(join(folder, 'claims'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function arm(attempt: number): string {
  const file = join(folder, 'failpoints.json')
  const points = [{ fault: 'after-effect-2', workflowId: 'crash-s1-3', seq: 2, attempt, point: 'after-effect' }] as const
  writeFileSync(file, JSON.stringify({ claims: join(folder, 'claims'), points } satisfies ArmedFailpoints))
  return file
}

/** A process of its own comes to these points of the op; says what became of it. */
function worker(file: string, incarnation: string, ...reached: readonly string[]): { signal: string | null; pid: number } {
  const program = `
    import { loadFailpoints } from ${JSON.stringify(import.meta.resolve('./failpoints.ts'))}
    const target = loadFailpoints(${JSON.stringify(file)}, ${JSON.stringify(incarnation)}).at('crash-s1-3', 2)
    for (const point of ${JSON.stringify(reached)}) target.reached(point)`
  const { signal, pid } = spawnSync(process.execPath, ['--input-type=module', '-e', program])
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
