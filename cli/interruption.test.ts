// Ctrl-C, a polite end and kill -9, of the shim, of the harness and of both, in every phase of a run: nothing may be left after 5 s
// but a journal that `report` can read.
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { processTable } from '../processes/table.ts'
import { room, type Running } from './testing/command.ts'

const bench = ['bench', '--drivers', 'homegrown', '--scenarios', 'bare-steps', '--seconds', '1', '--out', 'run']

const ends = {
  'Ctrl-C': (run: Running) => run.interrupt(),
  'SIGTERM to the shim': (run: Running) => void process.kill(run.pid, 'SIGTERM'),
  'kill -9 of the harness': (run: Running) => void process.kill(run.harness()!, 'SIGKILL'),
  'kill -9 of the shim': (run: Running) => void process.kill(run.pid, 'SIGKILL'),
  'kill -9 of both': (run: Running) => void process.kill(-run.pid, 'SIGKILL'),
}

// Each way at two moments; `after` is random, so that every run of these tests tries others.
const moments: readonly [how: keyof typeof ends, stage: string, afterMs: number][] = [
  ['Ctrl-C', 'starting Postgres', 400], ['Ctrl-C', ': load', 4_000],
  ['SIGTERM to the shim', ': services', 100], ['SIGTERM to the shim', ': load', 6_000],
  ['kill -9 of the harness', 'starting Postgres', 600], ['kill -9 of the harness', ': load', 4_000],
  ['kill -9 of the shim', 'starting Postgres', 600], ['kill -9 of the shim', ': load', 4_000],
  ['kill -9 of both', 'starting Postgres', 300], ['kill -9 of both', ': load', 4_000],
]

for (const [how, stage, afterMs] of moments) {
  const waitMs = Math.round(Math.random() * afterMs)
  test(`${how}, ${waitMs} ms after '${stage}'`, async () => {
    using place = room()
    const run = place.start(bench)
    await run.said(stage)
    await delay(waitMs)
    ends[how](run)
    expect(await place.settled()).toEqual([])
    const { code, stdout, stderr } = await run.ended
    if (!how.startsWith('kill -9')) expect(code).toBe(130)
    expect(stdout + stderr).not.toMatch(/\n {4}at /)
    const report = await place.run(['report', 'run'])
    expect([report.code, report.stderr]).toEqual([130, ''])
    expect(report.stdout).toContain('INTERRUPTED')
  }, 60_000)
}

test('before the first line, Ctrl-C ends it with 130 too', async () => {
  using place = room()
  for (const waitMs of [30, 120, 250]) {
    const run = place.start(bench)
    await delay(waitMs)
    run.interrupt()
    const { code, signal } = await run.ended
    expect([130, 'SIGINT']).toContain(signal ?? code)
    expect(await place.settled()).toEqual([])
  }
}, 30_000)

test('a selftest that is interrupted leaves nothing, its logs included', async () => {
  using place = room()
  const moments: ((run: Running) => boolean)[] = [
    (run) => [...processTable().values()].some(({ ppid }) => ppid === run.harness()), // Its guard starts.
    () => place.remains().some((name) => name.startsWith('temporary durabench-selftest')),
    () => place.remains().some((name) => name.startsWith('temporary durabench-pg')),
  ]
  for (const begun of moments) {
    const run = place.start(['selftest'])
    await expect.poll(() => begun(run), { timeout: 20_000, interval: 5 }).toBe(true)
    run.interrupt()
    const { code, stdout } = await run.ended
    expect([code, stdout]).toEqual([130, expect.stringContaining('interrupted: 0 passed so far') as string])
    expect(await place.settled()).toEqual([])
  }
}, 60_000)

