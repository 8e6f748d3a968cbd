// A small matrix of the real command with real kills: what was done twice is found and explained; a matrix that is killed goes on
// where it was; flags that make no sense are refused.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Cell, Result } from '../contract/result.ts'
import { room } from './testing/command.ts'

const small = ['matrix', '--drivers', 'homegrown', '--seed', '7', '--cells', 'receipt/before-effect,receipt/after-effect']
const resultIn = (...path: readonly string[]): Result => JSON.parse(readFileSync(join(...path, 'result.json'), 'utf8')) as Result

test('a matrix that is killed goes on where it was, and its cells are whole', async () => {
  using place = room()
  const run = join(place.folder, 'run')
  const begun = place.start([...small, '--out', 'run'])
  const journal = join(run, 'points.jsonl')
  while (!existsSync(journal) || readFileSync(journal, 'utf8') === '') await delay(20)
  process.kill(begun.harness()!, 'SIGKILL')
  await begun.ended
  expect(await place.settled()).toEqual([])
  const [first] = readFileSync(journal, 'utf8').split('\n')

  const { code, stdout } = await place.run(['matrix', '--resume', 'run'])
  expect(code, stdout).toBe(0)
  expect(readFileSync(journal, 'utf8').split('\n')[0], 'what was done is not done again').toBe(first)
  const { matrix, points } = resultIn(run)
  expect(points.map(({ id, state }) => [id, state])).toEqual(['quiescent', 'loaded'].map((load) => [`matrix/homegrown/purchase/worker-${load}/1`, 'done']))
  expect(matrix!.map(brief).sort()).toEqual(['loaded after-effect twice 3', 'loaded before-effect once 3', 'quiescent after-effect twice 3', 'quiescent before-effect once 3'])
  for (const cell of matrix!.filter(({ outcome }) => outcome === 'twice')) {
    expect(cell.why).toMatch(/3 receipt was attempted 2 times and took effect 2 times: it was not recorded yet when the crash came/)
    expect(cell.repeated).toEqual([{ seq: 3, step: 'receipt', attempts: 2, effects: 2, keyed: false }])
    expect(cell.medianProgressMs).toBeGreaterThan(0)
  }
  expect(stdout).toMatch(/exact cells fired often enough +4\/4 \(100 %\)/)
  expect(stdout).toMatch(/3 receipt +once 3 +twice 3/)
  expect(readFileSync(join(run, 'junit.xml'), 'utf8')).toContain('name="crash after-effect of 3 receipt (purchase · worker, loaded)"/>')
  expect(readdirSync(run)).toContain('report.html')
  expect(await place.settled()).toEqual([])
}, 120_000)

test('what makes no sense is refused before anything starts', async () => {
  using place = room()
  const refused = async (...argv: readonly string[]): Promise<string> => {
    const { code, stderr } = await place.run(['matrix', '--out', 'run', ...argv])
    expect(code).toBe(2)
    return stderr
  }
  expect(await refused('--cells', 'nowhere')).toContain('expected cells to be left by --cells nowhere')
  expect(await refused('--victims', 'store', '--crashes', '2')).toContain('expected --crashes 1 with the victims engine-server and store')
  expect(await refused('--victims', 'mailman')).toContain("expected --victims to name some of worker, engine-server, store, found 'mailman'")
  expect(await refused('--resume', 'nowhere')).toContain('the plan is that of the run in nowhere')
  expect(existsSync(join(place.folder, 'run'))).toBe(false)
}, 60_000)

const brief = ({ load, point, outcome, fired }: Cell): string => `${load} ${point} ${outcome} ${fired}`
