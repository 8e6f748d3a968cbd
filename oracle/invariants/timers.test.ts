import { describe, expect, it } from 'vitest'
import type { PlannedFault } from '../../contract/plan.ts'
import type { Logs } from '../logs.ts'
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

  describe('under a wall clock that jumps', () => {
    /** A timer of 9 s that is over after one; the clock of the store jumps after half of it. */
    function stepped(byMs: number): Logs {
      const jump: PlannedFault = { id: 'jump', kind: 'clock-step', role: 'store', slot: 0, byMs, trigger: { at: 'time', phase: 'all', afterMs: 0 }, heal: { afterMs: 60_000, identity: 'same' } }
      const log = new LogBuilder({ scenario: 'script', chaos: { faults: [jump], operatorAfterMs: 0 } })
      const id = log.start(0)
      const first = log.step(id, 1, 'mail', [])
      log.after(500).f({ k: 'fault', fault: 'jump', kind: 'clock-step', role: 'store', slot: 0, phase: 'applied' })
      const second = log.after(500).step(id, 3, 'mail', [first])
      log.seen(id, null, [first, { timer: 9_000 }, second])
      return log.build()
    }

    it.each([['ahead by enough', 30_000, 'pass'], ['ahead by less than it came early', 5_000, 'fail'], ['back', -30_000, 'fail']])('%s', (_, byMs, verdict) => {
      expect(judged('timers', stepped(byMs)).verdict).toBe(verdict)
    })
  })

  describe('that is under way when its worker dies', () => {
    /** Two sleep; the worker of the first dies, and that one is over `lateMs` late. The lease of built points is 500 ms. */
    function sleepers(crashAfterMs: number, lateMs: number, otherLateMs = 5): Logs {
      const log = new LogBuilder({ scenario: 'script' })
      const [ids, sources] = [[log.start(0), log.start(1)], ['worker0-1', 'worker1-2']]
      const first = ids.map((id, i) => log.step(id, 1, 'mail', [], sources[i]))
      const beganMs = log.ms
      log.after(crashAfterMs).kill('kill-1', 0, 'worker0-1', 'worker0-3')
      const ends = [[0, beganMs + sleptMs + lateMs], [1, beganMs + sleptMs + otherLateMs]].toSorted((a, b) => a[1]! - b[1]!)
      for (const [i, atMs] of ends as [number, number][]) {
        log.ms = Math.max(log.ms, atMs)
        const last = log.step(ids[i]!, 3, 'mail', [first[i]!], i === 0 ? 'worker0-3' : sources[i])
        log.seen(ids[i]!, null, [first[i]!, { timer: sleptMs }, last])
      }
      return log.build()
    }
    const sleptMs = 2_000

    it('fails when it is begun anew', () => expectFailure('timers', sleepers(1_000, 1_100), 'r-0', 'began anew'))
    it.each([
      ['it is over soon after it was due', 1_000, 300, 5],
      ['it may not have been recorded when its worker died', 300, 400, 5],
      ['no other timer shows that the machine was awake', 1_000, 1_100, 900],
    ])('passes when %s', (_, crashAfterMs, lateMs, otherLateMs) => expect(judged('timers', sleepers(crashAfterMs, lateMs, otherLateMs)).verdict).toBe('pass'))
  })

  it('fails when a run ends before its last timer can have', () => {
    const log = new LogBuilder({ scenario: 'script' })
    const id = log.start(0)
    log.after(100).seen(id, null, [{ timer: 500 }])
    expectFailure('timers', log.build(), 'r-0', 'fired early')
  })
})
