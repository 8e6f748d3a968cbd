import { describe, expect, it } from 'vitest'
import { bytes, count, dollars, duration, figure, measure, percent } from './format.ts'

describe('figures', () => {
  it('keep three significant digits and group thousands', () => {
    expect([12_345.6, 0.001234, 99.95, 0].map(figure)).toEqual(['12,300', '0.00123', '100', '0'])
    expect(count(12_345)).toBe('12,345')
  })

  it('take the unit that fits, also where rounding would cross into the next', () => {
    expect([0.4213, 12.34, 999.4, 999.7, 1_234, 59_949, 59_960, 125_000].map(duration)).toEqual(['0.421 ms', '12.3 ms', '999 ms', '1 s', '1.23 s', '59.9 s', '1 min', '2 min 5 s'])
    expect([512, 1_234, 999_700].map(bytes)).toEqual(['512 B', '1.23 kB', '1 MB'])
    expect(dollars(1_500)).toBe('$0.0015')
    expect(percent(0.0312)).toBe('3.12 %')
  })

  it('are a dash where there is nothing, never a zero', () => {
    for (const format of [figure, count, duration, bytes, percent, dollars]) expect(format(null)).toBe('–')
  })

  it('read the unit of a measure from its name', () => {
    expect(measure('latenessP99Ms', 1_234)).toBe('1.23 s')
    expect(measure('duplicateShare', 0.5)).toBe('50 %')
    expect(measure('keyedReplays', 4)).toBe('4')
  })
})
