// Reads a history as the oracle does, and holds what must be true of each, whatever happened.
import { expect } from 'vitest'
import type { HistoryLine } from '../../contract/logs.ts'

type Of<Ph extends HistoryLine['ph']> = Extract<HistoryLine, { ph: Ph }>
type StartInvoke = Extract<HistoryLine, { ph: 'invoke'; op: 'start' }>

export function of<Ph extends HistoryLine['ph']>(history: readonly HistoryLine[], ph: Ph): Of<Ph>[] {
  return history.filter((line): line is Of<Ph> => line.ph === ph)
}

export function startInvokes(history: readonly HistoryLine[]): StartInvoke[] {
  return of(history, 'invoke').filter((line) => line.op === 'start')
}

/** Numbered without a gap, ended, and each invoke has one answer that names it. */
export function expectValid(history: readonly HistoryLine[]): void {
  expect(history.map(({ n }) => n)).toEqual(history.map((_, i) => i + 1))
  expect(history.at(-1)).toMatchObject({ ph: 'end', lines: history.length })
  const open = new Map<number, Of<'invoke'>>()
  for (const line of history) {
    if (line.ph === 'invoke') open.set(line.n, line)
    if (line.ph !== 'ok' && line.ph !== 'fail' && line.ph !== 'info') continue
    const invoke = open.get(line.call)
    expect(invoke, `line ${line.n} answers an open invoke`).toMatchObject({ op: line.op, id: line.id })
    expect(line.t).toBeGreaterThanOrEqual(invoke!.t)
    open.delete(line.call)
  }
  expect([...open.values()], 'every invoke has an answer').toEqual([])
}
