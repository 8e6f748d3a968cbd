import { describe, expect, it } from 'vitest'
import { expectFailure, judged } from './testing/judging.ts'
import { transferred } from './testing/transferred.ts'

describe('a transactional step', () => {
  it('has its effect once', () => {
    expect(judged('effects', transferred())).toMatchObject({ verdict: 'pass', exposures: 2 })
  })
  it('fails when its effect is there twice', () => {
    expectFailure('effects', transferred((rows) => [...rows, rows[0]!]), 'r-0', 'took place 2 times: r-0/1')
  })
  it('fails when its effect is not there', () => {
    expectFailure('effects', transferred((rows) => rows.slice(1)), 'r-0', 'left no effect: r-0/1')
  })
  it('fails when the store holds more than the outcome tells', () => {
    expectFailure('effects', transferred((rows) => [...rows, { workflowId: 'r-0', key: 'r-0/9' }]), 'r-0', 'does not tell of: r-0/9')
  })
  it('is unknown when the table\'s end is missing', () => {
    const logs = transferred()
    expect(judged('effects', { ...logs, table: logs.table!.slice(0, -1) })).toMatchObject({ verdict: 'unknown' })
  })
})
