// A crash-point matrix for the tests of this room: two engines, a cell of each outcome. The figures are invented.
import type { Cell, CellOutcome } from '../contract/matrix.ts'

const steps = ['plan', 'charge', 'receipt', null] as const

function cell(driver: string, seq: number, point: Cell['point'], outcome: CellOutcome, changes: Partial<Cell> = {}): Cell {
  return {
    driver, variant: 'default', scenario: 'purchase', victim: 'worker', load: 'quiescent', crashes: 1,
    seq, step: steps[seq - 1] ?? null, point, exact: point !== 'after-return', aimed: 3, fired: 3, wanted: 3,
    outcome, outcomes: { [outcome]: 3 }, repeated: [], why: '', medianProgressMs: 240 * seq, medianShareMs: 11, ...changes,
  }
}

export function sampleMatrix(): Cell[] {
  const twice = { why: '3 times: 1 plan was attempted 2 times and took effect 2 times', repeated: [{ seq: 1, step: 'plan', attempts: 2, effects: 2, keyed: false }] }
  return ['homegrown', 'dbos'].flatMap((driver) => [
    cell(driver, 1, 'op-begins', 'once'),
    cell(driver, 1, 'before-effect', 'once'),
    cell(driver, 1, 'after-effect', 'twice', twice),
    cell(driver, 1, 'after-return', 'unknown', { fired: 1, why: '2 times: the crash came after-effect: its reply was not kept' }),
    cell(driver, 2, 'after-effect', driver === 'dbos' ? 'lost' : 'once', driver === 'dbos' ? { why: 'claimed: a claimed step was <b>attempted</b> again (seq 2)' } : {}),
    cell(driver, 3, 'op-begins', 'stuck', { why: 'liveness: a run did not end in time: last seen running', medianProgressMs: null, medianShareMs: null }),
    cell(driver, 4, 'body-returns', 'wrong', { why: 'order: seq 4 began before seq 3 was answered' }),
  ])
}
