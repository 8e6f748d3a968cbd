// A whole point whose commits are cut while the engine works at full load: nothing is lost, nothing is done twice, and each fault
// is proved by what the relay saw.
import { mkdtempSync, rmSync, realpathSync, chmodSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runPlan } from '../bench/run.ts'
import type { LinkStrike, Plan, PlannedFault } from '../contract/plan.ts'
import { startGuard } from '../processes/guard.ts'

const seconds = 6
const link = (kind: LinkStrike | 'terminate-backend', i: number): PlannedFault => ({
  id: `${kind}-${i}`, kind, role: 'link', slot: i % 2, nth: 3,
  trigger: { at: 'time', phase: 'load', afterMs: 500 + i * 400 }, heal: { afterMs: 2_000, identity: 'same' },
})
const kinds = ['cut-answer', 'hold-commit', 'cut-answer', 'cut-request', 'cut-batch', 'terminate-backend', 'cut-answer', 'hold-commit', 'cut-answer', 'cut-request'] as const

function plan(faults: readonly PlannedFault[]): Plan {
  return {
    schemaVersion: 1, command: 'test', seed: 1, minExposures: 0,
    points: [{
      id: 'link/homegrown', leg: 'link', driver: 'homegrown', variant: 'default', scenario: 'bare-steps', params: { steps: 50, payloadBytes: 200 }, workers: 2,
      load: { phases: [{ name: 'load', kind: 'closed', concurrency: 16, seconds, warmupSeconds: 0 }], followedShare: 1, doubledShare: 0.2, callDeadlineMs: 10_000 },
      chaos: { faults, operatorAfterMs: 0 },
      invariants: ['admission', 'effects', 'claimed', 'stability', 'order', 'finality', 'liveness', 'evidence'],
      expect: 'pass', bareLedger: 'on', capSeconds: 60,
    }],
  }
}

test('commits whose request or answer is lost, that come late or torn, leave every run whole', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'durabench-link-')))
  chmodSync(folder, 0o755)
  await using guard = await startGuard()
  const quiet = { point: () => undefined, stage: () => undefined, progress: () => undefined, pointDone: () => undefined }
  const result = await runPlan({
    plan: plan(kinds.map(link)), runId: 'link', folder, guard, addresses: {}, required: [], acceptFindings: false,
    command: '', interrupted: new AbortController().signal, watch: quiet,
  })
  const [point] = result.points
  expect(point!.why).toBe('')
  expect(point!.invariants.filter(({ verdict }) => verdict !== 'pass')).toEqual([])
  expect(point!.faults.map(({ fault, proved }) => [fault, proved])).toEqual(expect.arrayContaining(kinds.map((kind, i) => [`${kind}-${i}`, true])))
  const notes = (kind: string): string[] => point!.faults.filter((fault) => fault.kind === kind).map(({ note }) => note)
  for (const note of notes('cut-answer')) expect(note).toMatch(/^batch_\w+ of backend \d+: the store answered SELECT 1, row 1\|\d+\|\d+, which nobody was told$/)
  // The batch that came late found its number used, by the same batch sent again.
  for (const note of notes('hold-commit')) expect(note).toMatch(/delivered \d+ ms late, the store answered SELECT 1, row 0\|/)
  expect(point!.mix!.steps).toBeGreaterThan(1_000)
  rmSync(folder, { recursive: true })
}, 90_000)
