import { describe, expect, it } from 'vitest'
import type { TraceEntry } from '../../contract/logs.ts'
import type { Logs } from '../logs.ts'
import { LogBuilder } from '../testing/build-log.ts'
import { expectFailure, expectPass, judged, told, toldTrace } from '../testing/judging.ts'
import { playRace, type RaceHooks } from '../testing/play-race.ts'

const race = (hooks: RaceHooks = {}, then: (log: LogBuilder, trace: TraceEntry[]) => void = () => undefined): Logs => {
  const log = new LogBuilder({ scenario: 'approval-race' })
  then(log, playRace(log, 0, hooks))
  return log.build()
}
const waited = (signalId: string | null): TraceEntry => ({ wait: 'approval', signalId, timeoutMs: 600 })

describe('races', () => {
  it('passes for two answers at once, early or during the wait, whoever wins', () => {
    for (const when of ['early', 'during'] as const) for (const winner of ['approve', 'reject'] as const) expectPass('races', race({ when, winner }), 1)
  })

  it('passes for an answer at the time-out, whoever wins', () => {
    for (const winner of ['approve', null] as const) expectPass('races', race({ answers: ['approve'], when: 'at the time-out', winner }), 1)
    expect(judged('races', race({ answers: ['approve'], when: 'at the time-out', winner: null })).measures).toEqual({ 'won.time-out': 1 })
    expect(judged('signals', race({ answers: ['approve'], when: 'at the time-out', winner: null })).verdict).toBe('pass')
  })

  it('is not exposed by an answer that has no rival, or by rivals long after the time-out', () => {
    expectPass('races', race({ answers: ['approve'] }), 0)
    expectPass('races', race({ answers: [] }, (log) => {
      log.after(2_000).signal('r-0', 'approval', 'ok', 'r-0/approve')
      log.signal('r-0', 'approval', 'ok', 'r-0/reject')
    }), 0)
  })

  it('fails when what was done is not what the outcome decided', () => {
    expectFailure('races', race({ winner: 'approve', done: ['announce-rejected', 'refund'] }), 'r-0', "what 'approved' does not lead to")
    expectFailure('races', race({ answers: ['approve'], when: 'at the time-out', winner: null, done: ['announce-approved', 'ship'] }), 'r-0', "what 'expired' does not lead to")
  })

  it('fails when both are done, even by a zombie, even when nobody tells which was decided', () => {
    const both = (log: LogBuilder, trace: TraceEntry[]): void => void log.step('r-0', 3, 'announce-rejected', [trace[0] as number, 'signal:r-0/reject'], 'worker1-2')
    expectFailure('races', race({}, both), 'r-0', 'two decisions of one wait')
    const expired = (log: LogBuilder, trace: TraceEntry[]): void => void log.step('r-0', 3, 'announce-expired', [trace[0] as number], 'worker1-2')
    const running = told(race({ answers: [], winner: null }, expired), () => ({ status: 'running' }))
    expectPass('races', running, 0)
    const undecided = race({ answers: [], winner: null, done: ['announce-rejected', 'refund'] }, expired)
    expectFailure('races', told(undecided, () => ({ status: 'running' })), 'r-0', 'what two decisions lead to')
  })

  it('fails when a later reader is told of another decision', () => {
    const logs = race()
    const last = logs.history.findLast((line) => line.ph === 'seen')!
    const changed = toldTrace(logs, (trace) => trace.with(1, waited('r-0/reject')))
    expectFailure('races', { ...logs, history: logs.history.map((line) => (line.n === last.n ? changed.history.find(({ n }) => n === line.n)! : line)) }, 'r-0', 'two decisions of one wait')
  })

  it('fails when the journal tells of another decision', () => {
    const logs = race()
    const journal = logs.journal.map((entry) => (entry.kind === 'signal' ? { ...entry, signalId: 'r-0/reject' } : entry))
    expectFailure('races', { ...logs, journal }, 'r-0', 'two decisions of one wait: approved (r-0/approve) and rejected (r-0/reject)')
  })

  it('counts a cancel as a rival', () => {
    expectPass('races', race({ answers: ['approve'], cancel: 'accepted' }), 1)
  })
})
