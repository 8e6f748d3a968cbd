// A small matrix of the real command with real kills: what was done twice is found and explained; a matrix that is killed goes on
// where it was; flags that make no sense are refused.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Cell } from '../contract/matrix.ts'
import type { Result } from '../contract/result.ts'
import { matrix } from './matrix.ts'
import { room } from './testing/command.ts'

const brief = ({ load, point, outcome, fired }: Cell): string => `${load} ${point} ${outcome} ${fired}`

test('a matrix that is killed goes on where it was, and its cells are whole', async () => {
  using place = room()
  const run = join(place.folder, 'run')
  const begun = place.start(['matrix', '--drivers', 'homegrown', '--seed', '7', '--cells', 'receipt/after-effect', '--out', 'run'])
  const journal = join(run, 'points.jsonl')
  while (!existsSync(journal) || readFileSync(journal, 'utf8') === '') await delay(20)
  process.kill(begun.harness()!, 'SIGKILL')
  await begun.ended
  expect(await place.settled()).toEqual([])
  const [first] = readFileSync(journal, 'utf8').split('\n')

  const { code, stdout } = await place.run(['matrix', '--resume', 'run'])
  expect(code, stdout).toBe(0)
  expect(readFileSync(journal, 'utf8').split('\n')[0], 'what was done is not done again').toBe(first)
  const { matrix: cells, points } = JSON.parse(readFileSync(join(run, 'result.json'), 'utf8')) as Result
  expect(points.map(({ id, state }) => [id, state])).toEqual(['quiescent', 'loaded'].map((load) => [`matrix/homegrown/purchase/worker-${load}/1`, 'done']))
  expect(cells!.map(brief)).toEqual(['quiescent after-effect twice 3', 'loaded after-effect twice 3'])
  for (const cell of cells!) {
    expect(cell.why).toMatch(/^3 times: 3 receipt was attempted 2 times and took effect 2 times: it was not recorded yet when the crash came/)
    expect(cell.repeated).toEqual([{ seq: 3, step: 'receipt', attempts: 2, effects: 2, keyed: false }])
    expect(cell.medianProgressMs).toBeGreaterThan(0)
  }
  expect(stdout).toMatch(/exact cells fired often enough +2\/2 \(100 %\)/)
  expect(stdout).toMatch(/3 receipt +twice 3/)
  expect(readFileSync(join(run, 'junit.xml'), 'utf8')).toContain('name="crash after-effect of 3 receipt (purchase · worker, loaded)"/>')
  expect(existsSync(join(run, 'report.html'))).toBe(true)
  expect(await place.settled()).toEqual([])
}, 240_000)

test.each([
  [['--cells', 'elsewhere'], 'expected cells to be left by --cells elsewhere'],
  [['--cells', 'charge/nowhere'], "a step by name or number, points being op-begins, before-effect, after-effect, after-return, body-returns; found 'charge/nowhere'"],
  [['--victims', 'store', '--crashes', '2'], 'expected --crashes 1 with the victims engine-server and store'],
  [['--victims', 'store', '--postgres', 'postgres://a@127.0.0.1:1/b'], 'expected no --postgres with the victim store'],
  [['--victims', 'mailman'], "expected --victims to name some of worker, engine-server, store, found 'mailman'"],
  [['--victims', 'engine-server', '--drivers', 'dbos'], 'mind that only temporal has an engine-server'],
  [['--resume', 'results/nowhere', '--seed', '2'], 'the plan is that of the run in results/nowhere'],
  [['--resume', 'results/nowhere'], 'found no such folder'],
])('%j is refused', async (flags, message) => {
  await expect(matrix(flags)).rejects.toThrow(message)
})
