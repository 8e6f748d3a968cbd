// A run on a machine without Go, its verdicts repeated offline, and logs that somebody edited: a lost line is a doubt, a forged log is a violation.
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { InvariantResult, Result } from '../contract/result.ts'
import { room, type Room } from './testing/command.ts'

type Line = { n?: number; lines?: number; k: string; a?: string }

let place: Room
let result: Result
let code: number | null

beforeAll(async () => {
  place = room()
  // No Go on this PATH, and no Docker engine.
  const ended = await place.run(['bench', '--drivers', 'homegrown,temporal', '--scenarios', 'purchase', '--seconds', '1', '--out', 'run', '--json'], { GO: undefined, PATH: '/usr/bin:/bin', DOCKER_HOST: 'unix:///no/such/docker.sock' })
  // The whole of it came through a pipe, and nothing else did.
  result = JSON.parse(ended.stdout) as Result
  code = ended.code
}, 120_000)
afterAll(() => place[Symbol.dispose]())

/** A copy of the run whose world of one point is changed. */
function forged(change: (lines: string[], at: number) => string[]): { folder: string; workflowId: string } {
  rmSync(join(place.folder, 'forged'), { recursive: true, force: true })
  cpSync(join(place.folder, 'run'), join(place.folder, 'forged'), { recursive: true })
  const file = join(place.folder, 'forged', 'agent-homegrown', 'world.jsonl')
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  const at = lines.findIndex((line) => (JSON.parse(line) as Line).k === 'applied')
  writeFileSync(file, `${change(lines, at).join('\n')}\n`)
  return { folder: 'forged', workflowId: (JSON.parse(lines[at]!) as Line).a!.split('/')[0]! }
}

function renumbered(lines: readonly string[]): string[] {
  return lines.map((text, i) => {
    const line = JSON.parse(text) as Line
    return JSON.stringify({ ...line, n: i + 1, ...(line.lines === undefined ? {} : { lines: lines.length }) })
  })
}

test('on a machine without Go, Temporal says why it did not run and how to get it, and the rest decides: 0', () => {
  const skipped = result.points.filter(({ state }) => state === 'skipped')
  expect(skipped.map(({ driver }) => driver)).toEqual(['temporal', 'temporal'])
  expect(skipped[0]!.why).toMatch(/^Temporal's server is built from source, and no Go was found: spawn go ENOENT; .*; install Go [\d.]+ or newer \(.*--temporal HOST:PORT/)
  expect([code, result.run.reasons]).toEqual([0, []])
})

test('gives the same verdicts, reasons and exit code as the run', async () => {
  const ended = await place.run(['check', 'run', '--json'])
  const checked = JSON.parse(ended.stdout) as { points: { id: string; invariants: InvariantResult[] }[]; reasons: string[] }
  expect(checked.points.map(({ id, invariants }) => ({ id, invariants }))).toEqual(result.points.filter(({ state }) => state === 'done').map(({ id, invariants }) => ({ id, invariants })))
  expect([ended.code, checked.reasons]).toEqual([code, result.run.reasons])
})

describe('of a ledger with', () => {
  test("an 'applied' line doubled it ends with 10 and names the workflow", async () => {
    const { folder, workflowId } = forged((lines, at) => lines.toSpliced(at, 0, lines[at]!))
    const { code: exitCode, stdout } = await place.run(['check', folder])
    expect(exitCode).toBe(10)
    expect(stdout).toContain(`agent/homegrown violates effects 1 times: ${workflowId}: one attempt took effect twice`)
  })

  test('a line removed it ends with 13', async () => {
    const { folder } = forged((lines, at) => lines.toSpliced(at, 1))
    const { code: exitCode, stdout } = await place.run(['check', folder])
    expect(exitCode).toBe(13)
    expect(stdout).toMatch(/world\.jsonl: number \d+ follows \d+: records are missing/)
  })

  test('a line removed and the rest renumbered it ends with 10', async () => {
    const { folder, workflowId } = forged((lines, at) => renumbered(lines.toSpliced(at, 1)))
    const { code: exitCode, stdout } = await place.run(['check', folder])
    expect(exitCode).toBe(10)
    expect(stdout).toContain(workflowId)
  })

  test('its end cut off it ends with 13', async () => {
    const { folder } = forged((lines) => lines)
    const file = join(place.folder, folder, 'agent-homegrown', 'world.jsonl')
    truncateSync(file, Math.floor(statSync(file).size / 2))
    const { code: exitCode, stdout } = await place.run(['check', folder])
    expect(exitCode).toBe(13)
    expect(stdout).toContain('the evidence is damaged: world.jsonl')
  })
})

test('a point.json or result.json that is cut is refused with what to do, without a stack', async () => {
  const { folder } = forged((lines) => lines)
  for (const [command, file] of [['check', join('agent-homegrown', 'point.json')], ['report', 'result.json']] as const) {
    truncateSync(join(place.folder, folder, file), 20)
    const { code: exitCode, stderr } = await place.run([command, folder])
    expect([exitCode, stderr.trim().split('\n').length]).toEqual([2, 1])
    expect(stderr).toContain(`${file} to be JSON, found`)
  }
})

test('the report of a run that lost its result is made from its journal, whose torn last line does not count', async () => {
  const { folder } = forged((lines) => lines)
  rmSync(join(place.folder, folder, 'result.json'))
  const journal = join(place.folder, folder, 'points.jsonl')
  truncateSync(journal, statSync(journal).size - 100)
  const { code: exitCode, stdout } = await place.run(['report', folder])
  expect(exitCode).toBe(130)
  expect(stdout).toContain('INTERRUPTED')
})

test('a reader that leaves early gets what it wanted, and no complaint', async () => {
  const run = place.start(['check', 'run', '--json'])
  run.stopReading()
  const { code: exitCode, stderr } = await run.ended
  expect([exitCode, stderr]).toEqual([code, ''])
})
