import { describe, expect, it } from 'vitest'
import type { HistoryLine } from '../../contract/logs.ts'
import type { Logs } from '../logs.ts'
import { LogBuilder, playPurchase } from '../testing/build-log.ts'
import { expectFailure, expectPass, judged, purchase, told } from '../testing/judging.ts'
import { playTeam, type TeamHooks } from '../testing/play-team.ts'

const team = (hooks: TeamHooks = {}, then: (log: LogBuilder) => void = () => undefined): Logs => {
  const log = new LogBuilder({ scenario: 'children' })
  playTeam(log, 0, { cancelled: true, ...hooks })
  then(log)
  return log.build()
}
/** Cancelled while it waits; then it goes on as if nothing had been. */
const ignored = (promise: 'boundary' | 'cooperative', afterMs: number): Logs => {
  const log = new LogBuilder({}, { cancel: { value: promise, page: 'ours' } })
  playPurchase(log, 0, { answered: false, waiting: (log) => {
    log.cancel('r-0')
    log.after(afterMs)
  } })
  return log.build()
}

describe('cancel', () => {
  it('passes for a run that is cancelled and takes back what it did, the last first', () => {
    expectPass('cancel', team(), 1)
    expect(judged('cancel', team()).measures).toMatchObject({ 'ended.cancelled': 1, compensations: 2 })
  })

  it('passes for a cancel that came after the last boundary, and is not exposed by one that was rejected', () => {
    expectPass('cancel', purchase({ early: true }, (log) => log.cancel('r-0')), 1)
    expectPass('cancel', purchase({ early: true }, (log) => log.cancel('r-0', 'fail')), 0)
  })

  it('lets a run go on until its engine can have noticed, and an operation under way end', () => {
    const again = (log: LogBuilder, id: string): void => {
      log.attempt(id, 3, 'plan', [])
      log.after(1_000).attempt(id, 3, 'plan', [])
    }
    expectPass('cancel', team({ meanwhile: (log, id) => again(log.after(100), id) }), 1)
  })

  it('fails when a step begins a lease after that', () => {
    expectFailure('cancel', team({ meanwhile: (log, id) => void log.after(900).attempt(id, 9, 'report', []) }), 'r-0', 'a step began long after')
  })

  /** Its worker takes up something new, twice, and only then does that step begin. */
  const inTouch = (times: number, source: string) => (log: LogBuilder, id: string): void => {
    log.after(300)
    for (let index = 1; index <= times; index++) log.attempt(log.start(index), 1, 'buy-licence', [], source)
    log.after(50).attempt(id, 9, 'report', [`child:${id}/4`])
  }

  it('fails earlier when its worker was in touch with the store since, and doubts when it may have stood still', () => {
    expectFailure('cancel', team({ meanwhile: inTouch(2, 'worker0-1') }), 'r-0', 'a step began long after')
    for (const meanwhile of [inTouch(0, 'worker0-1'), inTouch(1, 'worker0-1'), inTouch(2, 'worker1-2')]) {
      expect(judged('cancel', team({ meanwhile }))).toMatchObject({ verdict: 'unknown', violations: 0, findings: [{ workflowId: 'r-0', summary: 'a step began long after the cancel was acknowledged' }] })
    }
  })

  it('counts a step that may have been asked for before the cancel was acknowledged', () => {
    const meanwhile = (log: LogBuilder, id: string): void => void log.after(400).attempt(id, 9, 'report', [3])
    expect(judged('cancel', team({ meanwhile }))).toMatchObject({ verdict: 'pass', measures: { askedForBefore: 1 } })
  })

  it('lets it begin when a fault kept the engine from noticing, no longer', () => {
    const restarted = (afterMs: number) => (log: LogBuilder, id: string): void => {
      const store = { k: 'fault', fault: 'restart-1', kind: 'restart', role: 'store' } as const
      log.f({ ...store, phase: 'applied' })
      log.after(500).f({ ...store, phase: 'healed' })
      log.after(afterMs).attempt(id, 9, 'report', [])
    }
    expectPass('cancel', team({ meanwhile: restarted(300) }), 1)
    expectFailure('cancel', team({ meanwhile: restarted(1_500) }), 'r-0', 'a step began long after')
  })

  it('lets it begin when its worker was cut off from the store, and only then', () => {
    const cut = (incarnation: string) => (log: LogBuilder, id: string): void => {
      log.after(150).f({ k: 'fault', fault: 'cut-1', kind: 'cut-answer', role: 'link', slot: 0, incarnation, phase: 'applied' })
      log.after(750).attempt(id, 9, 'report', [])
    }
    expectPass('cancel', team({ meanwhile: cut('worker0-1') }), 1)
    expectFailure('cancel', team({ meanwhile: cut('worker1-2') }), 'r-0', 'a step began long after')
  })

  it('fails when the cancel is ignored, also by one whose cancel is cooperative', () => {
    for (const promise of ['boundary', 'cooperative'] as const) {
      expectFailure('cancel', ignored(promise, 0), 'r-0', 'a wait went on to its end')
      expectFailure('cancel', ignored(promise, 1_000), 'r-0', 'a step began long after')
    }
  })

  it('fails when anything is attempted after the run was seen cancelled, but counts zombies apart', () => {
    expectFailure('cancel', team({}, (log) => void log.attempt('r-0', 9, 'report', [])), 'r-0', 'after the run was seen cancelled')
    const zombie = team({ meanwhile: (log) => log.pause('pause-1', 1, 'worker1-2', 'applied') }, (log) => {
      log.pause('pause-1', 1, 'worker1-2', 'healed')
      log.attempt('r-0', 9, 'report', [], 'worker1-2')
    })
    expect(judged('cancel', zombie)).toMatchObject({ verdict: 'pass', measures: { zombieAttemptsAfterCancel: 1 } })
    expect(judged('finality', zombie).verdict).toBe('pass')
  })

  it('tells a step that was asked for before the end from one that was asked for after it', () => {
    const late = (seq: number, prev: readonly number[]) => judged('cancel', team({}, (log) => void log.attempt('r-0', seq, 'report', prev))).findings.map(({ summary }) => summary)
    const [licence, compute, plan] = [1, 2, 3]
    expect(late(2, [licence])).toEqual(['a step under way was attempted after the run was seen cancelled'])
    expect(late(4, [plan])).toEqual(['a step under way was attempted after the run was seen cancelled'])
    expect(late(9, [compute])).toEqual(['a step was attempted after the run was seen cancelled'])
  })

  it('fails when a run hangs, and doubts while it may still end', () => {
    const hung = (observedMs: number): Logs => told(team({}, (log) => void log.after(observedMs)), () => ({ status: 'running' }))
    expectFailure('cancel', hung(70_000), 'r-0', 'did not end: last seen running')
    expect(judged('cancel', hung(1_000)).verdict).toBe('unknown')
  })

  it('fails when a run is cancelled that nobody cancelled, or whose cancel was rejected', () => {
    const logs = team()
    expectFailure('cancel', { ...logs, history: logs.history.filter((line) => !('op' in line) || line.op !== 'cancel').map((line, i) => ({ ...line, n: i + 1, ...(line.ph === 'end' ? { lines: i + 1 } : {}) })) }, 'r-0', 'nobody cancelled it')
    const refused = logs.history.map((line): HistoryLine => (line.ph === 'ok' && line.op === 'cancel' ? { t: line.t, n: line.n, ph: 'fail', call: line.call, op: 'cancel', id: line.id, error: 'no' } : line))
    expectFailure('cancel', { ...logs, history: refused }, 'r-0', 'nobody cancelled it')
  })

  it('fails when what was done is not taken back, or in another order, or twice', () => {
    expectFailure('cancel', team({ returned: ['compute'] }), 'r-0', "not taken back by 'return-licence'")
    expectFailure('cancel', team({ returned: ['licence'] }), 'r-0', 'another order')
    expectFailure('cancel', team({ returned: ['licence', 'compute'] }), 'r-0', 'another order')
    expectFailure('cancel', team({ returned: ['compute', 'licence', 'licence'] }), 'r-0', 'ran twice')
  })

  it('asks for no compensation of an engine that has nothing uncancellable', () => {
    const logs = team({ returned: [] })
    const { driver } = logs.context
    expectPass('cancel', { ...logs, context: { ...logs.context, driver: { ...driver, capabilities: { ...driver.capabilities, uncancellable: 'absent' } } } }, 1)
  })
})
