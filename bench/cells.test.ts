import { expect, test } from 'vitest'
import type { Cell, CellOutcome, Shot } from '../contract/matrix.ts'
import type { PointResult } from '../contract/result.ts'
import { cellsOf } from './cells.ts'
import { emptyPoint } from './empty-point.ts'
import { decideExit } from './exit.ts'
import { isShot } from './measure/shots.ts'
import { matrixPlan } from './plans/matrix.ts'
import { siteFilter } from './plans/matrix-sites.ts'

const plan = matrixPlan({
  seed: 7, drivers: ['dbos'], scenarios: ['purchase'], seconds: 5, workers: 1, minExposures: 30,
  victims: ['worker'], loads: ['quiescent'], crashes: 1, wanted: siteFilter('charge')!,
})
const [point] = plan.points

/** What became of the nth shot at a point. */
type Said = (aimed: Shot['aimed'], nth: number) => { readonly observed?: Shot['observed']; readonly outcome?: CellOutcome; readonly why?: string }

function played(said: Said): PointResult[] {
  const count = new Map<string, number>()
  const shots = point!.chaos.faults.filter(isShot).map(({ id, trigger: { seq, point: aimed } }, i): Shot => {
    const nth = (count.get(aimed) ?? 0) + 1
    count.set(aimed, nth)
    const { observed = aimed, outcome = 'once', why = '' } = said(aimed, nth)
    return { ...point!.matrix!, fault: id, workflowId: `matrix-s7-${i}`, seq, step: 'charge', aimed, observed, met: 1, outcome, repeated: [], why, firstProgressMs: 100 * nth, engineShareMs: 10 }
  })
  return [{ ...emptyPoint(point!, '', 'done', ''), verdict: 'pass', shots }]
}

const at = (cells: readonly Cell[] | undefined, name: Cell['point']): Cell => cells!.find((cell) => cell.point === name)!

test('a cell has the worst of its shots, each outcome counted, and the median of their recoveries', () => {
  const cells = cellsOf(plan, played((aimed, nth) => (aimed === 'after-effect' && nth === 2 ? { outcome: 'lost', why: 'claimed: again' } : {})), [])
  expect(at(cells, 'after-effect')).toMatchObject({ aimed: 3, fired: 3, outcome: 'lost', outcomes: { once: 2, lost: 1 }, why: 'claimed: again', medianProgressMs: 200, exact: true })
  expect(at(cells, 'before-effect')).toMatchObject({ outcome: 'once', outcomes: { once: 3 }, why: '' })
})

test('a shot counts where it was seen to strike, and what was missed says so', () => {
  const cells = cellsOf(plan, played((aimed) => (aimed === 'after-return' ? { observed: 'after-effect', outcome: 'twice', why: 'again' } : {})), [])
  expect(at(cells, 'after-effect')).toMatchObject({ aimed: 3, fired: 6, outcome: 'twice', why: '3 times: again' })
  expect(at(cells, 'after-return')).toMatchObject({ aimed: 3, fired: 0, outcome: 'unknown', exact: false, why: '3 times: the crash came after-effect: its reply was not kept' })
})

test('what did not fire stays in the denominator with its reason, and too much of it makes the run insufficient', () => {
  const results = played((aimed) => (aimed === 'op-begins' ? { observed: null, outcome: 'unknown', why: 'its run ended without coming to the failpoint' } : {}))
  const cells = cellsOf(plan, results, [])!
  expect(at(cells, 'op-begins')).toMatchObject({ aimed: 3, fired: 0, outcome: 'unknown', why: '3 times: its run ended without coming to the failpoint' })
  const exit = decideExit({ plan, points: results, drivers: [{ name: 'dbos', skipped: '' }], required: [], acceptFindings: false, interrupted: false, matrix: cells })
  expect(exit).toEqual({ exitCode: 13, reasons: ['dbos: expected 95 % of 3 exact cells to be fired often enough, found 2'] })
})

test('a point that was not played leaves its cells unknown; one that an engine can\'t play has none', () => {
  expect(cellsOf(plan, [], [])!.map(({ outcome, why }) => [outcome, why])).toEqual(Array.from({ length: 4 }, () => ['unknown', '3 times: not played']))
  expect(cellsOf(plan, [emptyPoint(point!, '', 'skipped', 'it has no transact')], [])).toEqual([])
})

test('a driver may declare a point that it hits only approximately', () => {
  const cells = cellsOf(plan, played(() => ({})), [{ name: 'dbos', approximate: ['op-begins'] }])
  expect(cells!.map(({ point: name, exact }) => [name, exact])).toEqual([['op-begins', false], ['before-effect', true], ['after-effect', true], ['after-return', false]])
})
