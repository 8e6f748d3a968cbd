import { expect, test } from 'vitest'
import type { FaultLine } from '../../contract/logs.ts'
import { readingFaults } from './faults.ts'

type Phase = Extract<FaultLine, { k: 'fault' }>['phase']

function read(...lines: readonly { phase: Phase; slot?: number; why?: string }[]): ReturnType<typeof readingFaults>['faults'] {
  const { take, faults } = readingFaults()
  lines.forEach((line, i) => take({ n: i + 1, t: i, k: 'fault', fault: 'starved', kind: 'out-of-memory', role: 'worker', ...line }))
  return faults
}

test('a fault that was given up after it hit its victim is told of once, with the reason', () => {
  expect(read({ phase: 'applied', slot: 1 }, { phase: 'skipped', why: 'it lived on' }))
    .toMatchObject([{ slot: 1, skipped: true, why: 'it lived on', lines: [1, 2] }])
})

test('one with two victims is given up for both, one without any is told of all the same', () => {
  expect(read({ phase: 'applied', slot: 0 }, { phase: 'applied', slot: 1 }, { phase: 'skipped', why: 'too late' })).toMatchObject([{ slot: 0, skipped: true, why: 'too late' }, { slot: 1, skipped: true }])
  expect(read({ phase: 'skipped', why: 'no worker in slot 0' })).toMatchObject([{ slot: null, skipped: true, why: 'no worker in slot 0' }])
})
