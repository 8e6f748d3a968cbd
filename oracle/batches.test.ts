import { expect, it } from 'vitest'
import type { Token, TraceEntry } from '../contract/logs.ts'
import { misfit } from './batches.ts'

/** The first seq that fits no reading; `observed[i]` is the prev that seq i + 1 was seen with, undefined: it was not seen. */
const misfitting = (trace: readonly TraceEntry[], observed: readonly (readonly Token[] | undefined)[], whole = true) =>
  misfit('r-0', trace, (seq) => (observed[seq - 1] === undefined ? null : { tokens: observed[seq - 1]!, whole }))?.seq ?? null

it('a step follows the one before it', () => {
  expect(misfitting([1, 2, 3], [[], [1], [2]])).toBeNull()
  expect(misfitting([1, 2, 3], [[], [1], [1]])).toBeNull() // the second branch of a batch
  expect(misfitting([1, 2, 3], [[], [1], []])).toBe(3)
  expect(misfitting([1, 2, 3], [[], [9], [2]])).toBe(2)
})

it('a step after branches follows all of them', () => {
  expect(misfitting([1, 2, 3, 4], [[], [1], [1], [2, 3]])).toBeNull()
  expect(misfitting([1, 2, 3, 4], [[], [1], [1], [3]])).toBe(4)
})

it('signals add to what a step follows, timers part branches', () => {
  const wait: TraceEntry = { wait: 'go', signalId: 's', timeoutMs: null }
  expect(misfitting([1, wait, 3], [[], undefined, [1, 'signal:s']])).toBeNull()
  expect(misfitting([1, wait, 3], [[], undefined, [1]])).toBe(3)
  expect(misfitting([1, { wait: 'go', signalId: null, timeoutMs: 5 }, 3], [[], undefined, [1]])).toBeNull()
  expect(misfitting([1, { timer: 5 }, 3], [[], undefined, []])).toBe(3)
})

it('failed steps leave nothing, children and rows leave their names', () => {
  expect(misfitting([1, { failed: 'refused' }, 3], [[], [1], []])).toBeNull()
  expect(misfitting([1, { failed: 'refused' }, 3], [[], undefined, ['child:r-0/2']])).toBeNull()
  expect(misfitting([{ child: 'r-0/1' }, { child: 'r-0/2' }, 3], [undefined, undefined, ['child:r-0/1', 'child:r-0/2']])).toBeNull()
  expect(misfitting([{ child: 'r-0/1' }, { child: 'r-0/2' }, 3], [undefined, undefined, ['child:r-0/2', 'child:r-0/1']])).toBe(3)
  expect(misfitting([{ rows: 'x' }, 2], [undefined, ['rows:r-0/1']])).toBeNull()
})

it('a bare record is held against the last nonce alone', () => {
  expect(misfitting([1, 2, 3, 4], [[], [1], [1], [3]], false)).toBeNull()
  expect(misfitting([1, 2, 3, 4], [[], [1], [1], [2]], false)).toBe(4)
})
