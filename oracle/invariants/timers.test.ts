import { describe, expect, it } from 'vitest'
import { LogBuilder } from '../testing/build-log.ts'
import { expectFailure, judged, purchase, toldTrace } from '../testing/judging.ts'

describe('timers', () => {
  it('fails when a wait times out early', () => {
    const logs = toldTrace(purchase({ answered: false }), (trace) => trace.with(3, { wait: 'approval', signalId: null, timeoutMs: 9_000 }))
    expectFailure('timers', logs, 'r-0', 'fired early')
  })

  it.each([[498, 'fail'], [499, 'pass']])('a timer of 500 ms whose next step comes after %i ms: %s', (passedMs, verdict) => {
    const log = new LogBuilder({ scenario: 'script' })
    const id = log.start(0)
    const first = log.step(id, 1, 'mail', [])
    const second = log.after(passedMs - 1).step(id, 3, 'mail', [first])
    log.seen(id, null, [first, { timer: 500 }, second])
    expect(judged('timers', log.build()).verdict).toBe(verdict)
  })

  it('fails when a run ends before its last timer can have', () => {
    const log = new LogBuilder({ scenario: 'script' })
    const id = log.start(0)
    log.after(100).seen(id, null, [{ timer: 500 }])
    expectFailure('timers', log.build(), 'r-0', 'fired early')
  })
})
