import { describe, expect, it } from 'vitest'
import { expectFailure, expectPass, judged, purchase, told } from '../testing/judging.ts'

describe('liveness', () => {
  it('fails when a run has not ended though there was time enough', () => {
    const logs = told(purchase({}, (log) => log.after(100_000)), () => ({ status: 'running' }))
    expectFailure('liveness', logs, 'r-0', 'did not end in time')
  })

  it('is unknown when there was not', () => {
    expect(judged('liveness', told(purchase(), () => ({ status: 'running' }))).verdict).toBe('unknown')
  })

  it('fails when a follower saw it end too late', () => {
    expectFailure('liveness', purchase({ waiting: (log) => log.after(100_000) }), 'r-0', 'too late')
  })

  it('counts from the last heal', () => {
    const logs = purchase({ finisher: 'worker0-3', waiting: (log) => log.after(50_000).kill('kill-1', 0, 'worker0-1', 'worker0-3') }, (log) => log.after(1))
    expectPass('liveness', logs, 1)
  })
})
