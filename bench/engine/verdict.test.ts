import { describe, expect, it } from 'vitest'
import { describeTarget, judge } from './verdict.ts'

const range = (low: number, high: number, pairs = 6) => ({ low, high, pairs })

describe('the verdict on a ratio', () => {
  it('is ok only when the whole interval reaches the target', () => {
    expect(judge(range(150, 170), { atLeast: 150 })).toBe('ok')
    expect(judge(range(0.4, 0.9), { atMost: 1 })).toBe('ok')
  })

  it('is missed only when the whole interval stays short of it', () => {
    expect(judge(range(120, 149.9), { atLeast: 150 })).toBe('MISSED')
    expect(judge(range(40.1, 60), { atMost: 40 })).toBe('MISSED')
  })

  it('is undecided when the interval holds the target', () => {
    expect(judge(range(140, 160), { atLeast: 150 })).toBe('undecided')
    expect(judge(range(0.8, 1.2), { atMost: 1 })).toBe('undecided')
  })

  it('is undecided below six pairs, however good they look', () => {
    expect(judge(range(300, 310, 5), { atLeast: 150 })).toBe('undecided')
  })

  it('is undecided when the measurement is in doubt, whether it would be met or missed', () => {
    expect(judge(range(300, 310), { atLeast: 150 }, ['the generator was late'])).toBe('undecided')
    expect(judge(range(1, 2), { atLeast: 150 }, ['the generator was late'])).toBe('undecided')
  })

  it('says its target with the direction', () => {
    expect(describeTarget({ atLeast: 0.65 })).toBe('≥ 0.65')
    expect(describeTarget({ atMost: 40 })).toBe('≤ 40')
  })
})
