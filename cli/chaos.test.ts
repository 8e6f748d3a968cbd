// A short run of the real command: it ends by the number of proved faults, tells them by kind, and leaves nothing behind.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Result } from '../contract/result.ts'
import { room } from './testing/command.ts'

const short = ['chaos', '--seed', '3', '--scenarios', 'bare-steps', '--workers', '2', '--seconds', '10']

test('ends when enough faults were proved, and nothing was violated', async () => {
  using place = room()
  const { code, stdout } = await place.run([...short, '--faults', '5', '--minutes', '2', '--out', 'run'])
  const { run, plan, points } = JSON.parse(readFileSync(join(place.folder, 'run', 'result.json'), 'utf8')) as Result
  // How much a few seconds expose depends on the machine: too little is 13, and says so.
  for (const reason of run.reasons) expect(reason).toMatch(/^homegrown: \S+ is unknown: \d+ exposures, fewer than 30$/)
  expect(code).toBe(run.reasons.length === 0 ? 0 : 13)
  expect(points.map(({ id }) => id)).toEqual(['chaos/homegrown/1'])
  expect(plan.points.map(({ id }) => id)).toEqual(['chaos/homegrown/1'])
  expect(points[0]!.faults.filter(({ proved }) => proved).length).toBeGreaterThanOrEqual(5)
  expect(points[0]!.mix!.steps).toBeGreaterThan(1_000)
  expect(stdout).toMatch(/kill worker +\d+ \/ \d+\n/)
  expect(stdout).toContain('again  npx durabench chaos --seed 3 --drivers homegrown --scenarios bare-steps --seconds 10 --workers 2..2 --minutes 2 --faults 5')
  expect(await place.settled()).toEqual([])
}, 120_000)

test('a round of an engine that keeps nothing fails, as the control that it is', async () => {
  using place = room()
  const { code, stdout } = await place.run([...short, '--drivers', 'volatile', '--scenarios', 'purchase', '--round', '1', '--out', 'run'])
  expect(stdout).toMatch(/: caught by /)
  expect(code).toBe(0)
}, 120_000)
