// The invariants that no synthetic log can vouch for alone: races, cancels and children, played on the real engine and judged
// from its logs. A point that exposes nothing proves nothing, so the counts matter as much as the verdicts.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPointFolder } from '../bench/folder.ts'
import { judgePoint, type JudgedPoint } from '../bench/judge.ts'
import { playPoint } from '../bench/point.ts'
import type { InvariantName, Point } from '../contract/plan.ts'
import { loadDriver } from '../drivers/index.ts'
import { startGuard } from '../processes/guard.ts'

async function play(scenario: string, sizes: readonly number[], invariants: readonly InvariantName[]): Promise<JudgedPoint> {
  const folder = mkdtempSync(join(tmpdir(), 'durabench-played-'))
  await using guard = await startGuard()
  const point: Point = {
    id: `played/${scenario}`, leg: 'played', driver: 'homegrown', variant: 'default', scenario, params: null, workers: 2,
    load: { phases: [{ name: 'all', kind: 'batches', sizes }], followedShare: 1, doubledShare: 0.2, callDeadlineMs: 10_000 },
    chaos: { faults: [], operatorAfterMs: 0 },
    invariants, expect: 'pass', bareLedger: 'on', capSeconds: 60,
  }
  try {
    const pointFolder = createPointFolder(folder, point.id)
    const logs = await playPoint({
      seed: 1, minExposures: 1, point, driver: await loadDriver('homegrown'), folder: pointFolder, guard, addresses: {}, onProgress: () => undefined, onStage: () => undefined,
    })
    return await judgePoint(pointFolder, point, logs)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const notPassed = ({ invariants }: JudgedPoint) => invariants.filter(({ verdict }) => verdict !== 'pass').map(({ name, why, findings }) => ({ name, why, findings: findings.slice(0, 3) }))
const exposures = ({ invariants }: JudgedPoint, name: InvariantName): number => invariants.find((invariant) => invariant.name === name)!.exposures
const measures = ({ invariants }: JudgedPoint, name: InvariantName) => invariants.find((invariant) => invariant.name === name)!.measures

test('rivals meet on the homegrown engine: answers and the time-out each win, a cancel too, and all logs agree', async () => {
  const played = await play('approval-race', [30, 30, 30, 30], ['races', 'cancel'])
  expect(notPassed(played)).toEqual([])
  expect(exposures(played, 'races')).toBeGreaterThanOrEqual(30)
  expect(exposures(played, 'cancel')).toBeGreaterThanOrEqual(10)
  expect(measures(played, 'races')['won.signal']).toBeGreaterThanOrEqual(10)
  expect(exposures(played, 'timers'), 'waits that timed out').toBeGreaterThanOrEqual(1)
}, 120_000)

test('teams are called off on the homegrown engine: children stop with their parents, and what was bought goes back', async () => {
  const played = await play('children', [25, 25], ['cancel', 'orphans'])
  expect(notPassed(played)).toEqual([])
  expect(exposures(played, 'cancel')).toBeGreaterThanOrEqual(10)
  expect(exposures(played, 'orphans')).toBeGreaterThanOrEqual(100)
  expect(measures(played, 'cancel')['compensations']).toBeGreaterThanOrEqual(10)
}, 120_000)
