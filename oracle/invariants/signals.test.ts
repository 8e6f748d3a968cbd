import { describe, expect, it } from 'vitest'
import type { HistoryLine } from '../../contract/logs.ts'
import type { PlannedFault } from '../../contract/plan.ts'
import type { Logs } from '../logs.ts'
import { LogBuilder, playPurchase } from '../testing/build-log.ts'
import { expectFailure, judged, purchase, toldTrace } from '../testing/judging.ts'

describe('signals', () => {
  const lost = (logs: Logs): Logs => toldTrace(logs, (trace) => trace.with(3, { wait: 'approval', signalId: null, timeoutMs: 3_000 }))

  it('fails when an early signal is lost', () => expectFailure('signals', lost(purchase({ early: true, answered: true })), 'r-0', 'not seen'))

  it('fails when a signal during the wait is lost', () => expectFailure('signals', lost(purchase({ early: false, answered: true })), 'r-0', 'not seen'))

  it('asks nothing for a signal that was accepted after the time-out', () => {
    const logs = purchase({ answered: false }, (log) => void log.signal('r-0', 'approval'))
    expect(judged('signals', logs)).toMatchObject({ verdict: 'pass', exposures: 0, measures: { lateSignals: 1 } })
  })

  describe('under a wall clock that jumps ahead by more than the wait', () => {
    const jump: PlannedFault = { id: 'jump', kind: 'clock-step', role: 'store', slot: 0, byMs: 30_000, trigger: { at: 'time', phase: 'all', afterMs: 0 }, heal: { afterMs: 60_000, identity: 'same' } }

    /** A wait of 9 s that is over after one, since the clock jumped after half of it; the signal came `afterMs` after the step before the wait was answered. */
    function stepped(afterMs: number): Logs {
      const log = new LogBuilder({ scenario: 'script', chaos: { faults: [jump], operatorAfterMs: 0 } })
      const id = log.start(0)
      if (afterMs < 0) log.signal(id, 'go')
      const first = log.after(5_000).step(id, 1, 'mail', [])
      log.after(500).f({ k: 'fault', fault: 'jump', kind: 'clock-step', role: 'store', slot: 0, phase: 'applied' })
      const second = log.after(500).step(id, 3, 'mail', [first])
      if (afterMs > 0) log.signal(id, 'go')
      log.seen(id, null, [first, { wait: 'go', signalId: null, timeoutMs: 9_000 }, second])
      return log.build()
    }

    it('asks nothing for a signal that came when its time would not have been over', () => {
      expect(judged('signals', stepped(1_000))).toMatchObject({ verdict: 'pass', measures: { lateSignals: 1 } })
    })

    it('fails when one is lost that was there before the wait', () => expectFailure('signals', stepped(-1), 'r-0', 'not seen'))
  })

  it('fails when a signal is consumed twice', () => {
    expectFailure('signals', toldTrace(purchase({ early: true }), (trace) => [...trace, trace[3]!]), 'r-0', 'twice')
    const logs = purchase({ early: true })
    expectFailure('signals', { ...logs, journal: [...logs.journal, { ...logs.journal.find((entry) => entry.kind === 'signal')!, seq: 9 }] }, 'r-0', 'twice')
  })

  it('fails when a signal is consumed that was rejected, or that nobody sent', () => {
    const logs = purchase({ early: true })
    const rejected = logs.history.map((line): HistoryLine => (line.ph === 'ok' && line.op === 'signal' ? { t: line.t, n: line.n, ph: 'fail', call: line.call, op: 'signal', id: line.id, error: 'no' } : line))
    expectFailure('signals', { ...logs, history: rejected }, 'r-0', 'a rejected signal')
    expectFailure('signals', toldTrace(logs, (trace) => trace.with(3, { wait: 'approval', signalId: 'other', timeoutMs: 3_000 })), 'r-0', 'nobody sent')
  })

  it('tells early, during and workerless signals apart', () => {
    const log = new LogBuilder()
    playPurchase(log, 0, { early: true, answered: true })
    playPurchase(log, 1, { early: false, answered: true })
    expect(judged('signals', log.build()).measures).toEqual({ earlySignals: 1, duringSignals: 1 })
  })
})
