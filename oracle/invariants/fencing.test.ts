import { describe, expect, it } from 'vitest'
import type { PlannedFault } from '../../contract/plan.ts'
import type { Logs } from '../logs.ts'
import { LogBuilder } from '../testing/build-log.ts'
import { expectFailure, expectPass, judged, purchase, toldTrace } from '../testing/judging.ts'

describe('fencing', () => {
  /** Taken over from a paused worker while it waits; then the zombie summarises. */
  function zombie(record: (log: LogBuilder, nonce: number) => void): Logs {
    const logs = purchase({ source: 'worker1-2', finisher: 'worker0-1', early: true, charge: (log, id, prev, cents) => {
      const nonce = log.step(id, 2, 'charge', prev, 'worker1-2', cents)
      log.pause('pause-1', 1, 'worker1-2', 'applied')
      log.after(700)
      return nonce
    } }, (log) => {
      log.pause('pause-1', 1, 'worker1-2', 'healed')
      record(log, log.step('r-0', 3, 'receipt', [2], 'worker1-2'))
    })
    return logs
  }

  it('passes while what the zombie did stays unrecorded, and counts it', () => {
    expect(judged('fencing', zombie(() => undefined))).toMatchObject({ verdict: 'pass', exposures: 1, measures: { zombieAttempts: 1, zombieEffects: 1 } })
    expect(judged('effects', zombie(() => undefined)).verdict).toBe('pass')
    expect(judged('claimed', zombie(() => undefined)).verdict).toBe('pass')
    expect(judged('finality', zombie(() => undefined)).verdict).toBe('pass')
  })

  it('fails when it is in the journal', () => {
    expectFailure('fencing', zombie((log, nonce) => void log.journal.push({ workflowId: 'r-0', kind: 'step', seq: 3, nonce })), 'r-0', 'recorded')
  })

  it('fails when it is in an outcome', () => {
    const logs = zombie(() => undefined)
    expectFailure('fencing', toldTrace(logs, (trace) => trace.with(2, 6)), 'r-0', 'recorded')
  })

  it('holds a worker that was starved for as long as leases are to the same', () => {
    const starved = (ms: number, record: boolean): Logs => {
      const log = new LogBuilder()
      const id = log.start(0)
      const plan = log.step(id, 1, 'plan', [], 'worker1-2')
      const asleepMs = log.ms
      const charge = log.after(200).step(id, 2, 'charge', [log.step(id, 1, 'plan', [], 'worker0-1')], 'worker0-1', 900)
      log.f({ k: 'stood-still', incarnation: 'worker1-2', fromMs: asleepMs, untilMs: asleepMs + ms })
      const late = log.attempt(id, 2, 'charge', [plan], 'worker1-2')
      log.record(id, [plan, record ? log.replied(late) : charge])
      return log.build()
    }
    expectPass('fencing', starved(300, false), 1)
    expectFailure('fencing', starved(300, true), 'r-0', 'recorded')
    expectPass('fencing', starved(200, true), 0)
  })

  it('holds whoever had a run to the same when the store\'s clock jumps over its lease, and nobody else', () => {
    const jumped = (byMs: number, { recorded, phase = 'applied' }: { readonly recorded: 'heir' | 'holder'; readonly phase?: 'applied' | 'healed' }): Logs => {
      const jump: PlannedFault = { id: 'jump', kind: 'clock-step', role: 'store', slot: 0, byMs, trigger: { at: 'time', phase: 'all', afterMs: 0 }, heal: { afterMs: 0, identity: 'same' } }
      const log = new LogBuilder({ chaos: { faults: [jump], operatorAfterMs: 0 } })
      const step = (phase: 'applied' | 'healed'): void => log.f({ k: 'fault', fault: 'jump', kind: 'clock-step', role: 'store', slot: 0, phase })
      const id = log.start(0)
      if (phase === 'healed') step('applied')
      const plan = log.step(id, 1, 'plan', [], 'worker1-2')
      log.attempt(id, 2, 'charge', [plan], 'worker1-2')
      step(phase)
      const charge = log.step(id, 2, 'charge', [plan], 'worker0-1', 900)
      const receipt = log.step(id, 3, 'receipt', [charge], 'worker0-1')
      const late = log.attempt(id, 2, 'charge', [plan], 'worker1-2')
      log.record(id, [plan, recorded === 'holder' ? log.replied(late) : charge, receipt])
      return log.build()
    }
    expectPass('fencing', jumped(30_000, { recorded: 'heir' }), 1)
    expectPass('claimed', jumped(30_000, { recorded: 'heir' }), 1)
    expectFailure('fencing', jumped(30_000, { recorded: 'holder' }), 'r-0', 'recorded')
    // A step back jumps ahead as it heals; one that is shorter than what is left of a lease ends none.
    expectPass('fencing', jumped(-30_000, { recorded: 'heir', phase: 'healed' }), 1)
    expectPass('fencing', jumped(200, { recorded: 'heir' }), 0)
    expectFailure('claimed', jumped(200, { recorded: 'heir' }), 'r-0', 'attempted again')
    expectFailure('claimed', jumped(-30_000, { recorded: 'heir' }), 'r-0', 'attempted again')
  })

  it('lets a resumed worker do new work that it was given', () => {
    const logs = purchase({ source: 'worker1-2', finisher: 'worker1-2', charge: (log, id, prev, cents) => {
      log.pause('pause-1', 1, 'worker1-2', 'applied')
      const nonce = log.after(700).step(id, 2, 'charge', prev, 'worker0-1', cents)
      log.pause('pause-1', 1, 'worker1-2', 'healed')
      return nonce
    } })
    expectPass('fencing', logs, 1)
  })

  it('lets it do again what the next victim was at: it knows the step before that, which was made while it slept', () => {
    const logs = purchase({ source: 'worker1-2', finisher: 'worker1-2', charge: (log, id, prev, cents) => {
      log.pause('pause-1', 1, 'worker1-2', 'applied')
      const nonce = log.after(700).step(id, 2, 'charge', prev, 'worker0-1', cents)
      log.step(id, 3, 'receipt', [nonce], 'worker0-1')
      log.pause('pause-2', 0, 'worker0-1', 'applied')
      log.pause('pause-1', 1, 'worker1-2', 'healed')
      log.after(700)
      return nonce
    } })
    expectPass('fencing', logs, 1)
  })

  it('lets it do what the next victim was at and tries again as it wakes, though it knows nothing that is new', () => {
    const twoSleepers = (second: boolean): Logs => {
      const log = new LogBuilder()
      const id = log.start(0)
      const plan = log.step(id, 1, 'plan', [], 'worker1-2')
      log.pause('pause-1', 1, 'worker1-2', 'applied')
      log.after(700).pause('pause-1', 1, 'worker1-2', 'healed')
      if (second) log.after(1_000).pause('pause-2', 0, 'worker0-1', 'applied')
      if (second) log.after(700).pause('pause-2', 0, 'worker0-1', 'healed')
      log.attempt(id, 2, 'charge', [plan], 'worker0-1')
      log.record(id, [plan, log.after(1_000).step(id, 2, 'charge', [plan], 'worker1-2')])
      return log.build()
    }
    expect(judged('fencing', twoSleepers(true)).verdict).toBe('pass')
    expectFailure('fencing', twoSleepers(false), 'r-0', 'recorded')
  })

  it('lets it do what the next victim was at when that fell asleep over it', () => {
    const overlapping = (second: boolean): Logs => {
      const log = new LogBuilder()
      const id = log.start(0)
      const plan = log.step(id, 1, 'plan', [], 'worker1-2')
      log.pause('pause-1', 1, 'worker1-2', 'applied')
      log.after(700).pause('pause-1', 1, 'worker1-2', 'healed')
      const asleep = log.after(1_000).attempt(id, 2, 'charge', [plan], 'worker0-1')
      if (second) log.pause('pause-2', 0, 'worker0-1', 'applied')
      log.after(300).replied(asleep)
      log.record(id, [plan, log.after(1_000).step(id, 2, 'charge', [plan], 'worker1-2')])
      if (second) log.pause('pause-2', 0, 'worker0-1', 'healed')
      return log.build()
    }
    expect(judged('fencing', overlapping(true)).verdict).toBe('pass')
    expectFailure('fencing', overlapping(false), 'r-0', 'recorded')
  })

  it('lets it take over a run that began while it slept', () => {
    const log = new LogBuilder()
    log.pause('pause-1', 1, 'worker1-2', 'applied')
    const id = log.after(700).start(0)
    log.step(id, 1, 'plan', [], 'worker0-1')
    log.pause('pause-2', 0, 'worker0-1', 'applied')
    log.pause('pause-1', 1, 'worker1-2', 'healed')
    log.after(700).record(id, [log.step(id, 1, 'plan', [], 'worker1-2')])
    expectPass('fencing', log.build(), 1)
  })
})
