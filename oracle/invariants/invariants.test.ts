// Each invariant broken on purpose, in logs that are legal but for that: it must fail by its own name and name the workflow.
import { describe, expect, it } from 'vitest'
import type { InvariantName } from '../../contract/plan.ts'
import type { Outcome } from '../../contract/driver.ts'
import type { HistoryLine, TraceEntry } from '../../contract/logs.ts'
import { scenarios } from '../../scenarios/index.ts'
import { renumbered, type Logs } from '../logs.ts'
import { evidenceOf } from '../read/evidence.ts'
import { LogBuilder, playBare, playPurchase, type PurchaseHooks } from '../testing/build-log.ts'
import { judge } from '../verdict.ts'
import { invariants } from './index.ts'

function judged(name: InvariantName, logs: Logs) {
  return judge(invariants.find((invariant) => invariant.name === name)!, evidenceOf(logs, scenarios), [])
}

function expectFailure(name: InvariantName, logs: Logs, workflowId: string, summary: string): void {
  const result = judged(name, logs)
  expect(result).toMatchObject({ verdict: 'fail', findings: expect.arrayContaining([expect.objectContaining({ workflowId, summary: expect.stringContaining(summary) as string })]) as unknown })
  expect(result.findings.every((finding) => finding.lines.length > 0)).toBe(true)
}

const expectPass = (name: InvariantName, logs: Logs, exposures: number): void => expect(judged(name, logs)).toMatchObject({ verdict: 'pass', exposures })

/** One purchase with something odd in it. */
function purchase(hooks: PurchaseHooks = {}, then: (log: LogBuilder, trace: TraceEntry[]) => void = () => undefined): Logs {
  const log = new LogBuilder()
  then(log, playPurchase(log, 0, hooks))
  return log.build()
}

/** The history with the outcomes of readers changed. */
function told(logs: Logs, change: (outcome: Outcome, reader: string) => Outcome): Logs {
  return { ...logs, history: logs.history.map((line): HistoryLine => (line.ph === 'seen' ? { ...line, outcome: change(line.outcome, line.reader) } : line)) }
}

function toldTrace(logs: Logs, change: (trace: TraceEntry[]) => TraceEntry[]): Logs {
  return told(logs, (outcome) => {
    const { value, trace } = (outcome as unknown as { output: { value: unknown; trace: TraceEntry[] } }).output
    return { status: 'completed', output: { value, trace: change([...trace]) } } as unknown as Outcome
  })
}

/** Step 2 is attempted, something happens, and it is attempted again. */
function chargedAgain(between: (log: LogBuilder, first: string) => void, second = 'worker1-2'): NonNullable<PurchaseHooks['charge']> {
  return (log, id, prev, cents) => {
    const first = log.attempt(id, 2, 'charge', prev)
    log.applied(first, cents)
    between(log, first)
    return log.replied(log.attempt(id, 2, 'charge', prev, second))
  }
}

describe('admission', () => {
  it('fails when an accepted run is absent', () => expectFailure('admission', told(purchase(), () => ({ status: 'absent' })), 'r-0', 'is lost'))

  it('fails when a rejected start ran', () => {
    const log = new LogBuilder()
    log.step(log.start(3, 'fail'), 1, 'plan', [])
    expectFailure('admission', log.build(), 'r-3', 'a rejected start ran')
  })

  it('fails when something runs that nobody started', () => {
    expectFailure('admission', purchase({}, (log) => log.step('r-7', 1, 'plan', [])), 'r-7', 'nobody started')
  })

  it('asks nothing of a start of unknown outcome', () => {
    const log = new LogBuilder()
    log.start(0, 'info')
    log.step(log.start(1, 'info'), 1, 'plan', [])
    expectPass('admission', log.build(), 0)
  })
})

describe('effects', () => {
  it('fails when a step is attempted again though nothing happened', () => {
    expectFailure('effects', purchase({ charge: chargedAgain((log, first) => void log.replied(first)) }), 'r-0', 'without a cause')
  })

  it('takes no kill for a cause that came before the first attempt', () => {
    expectFailure('effects', purchase({
      source: 'worker1-2', finisher: 'worker1-2',
      charge: (log, id, prev, cents) => {
        log.kill('kill-1', 0, 'worker0-1', 'worker0-3')
        log.after(500)
        return chargedAgain((log, first) => void log.replied(first))(log, id, prev, cents)
      },
    }), 'r-0', 'without a cause')
  })

  it('takes no kill for a cause that came after the second attempt', () => {
    expectFailure('effects', purchase({ finisher: 'worker1-2', charge: chargedAgain((log, first) => void log.replied(first)) }, (log) => log.after(500).kill('kill-1', 0, 'worker0-1', 'worker0-3')), 'r-0', 'without a cause')
  })

  it('takes no kill of another worker for a cause', () => {
    expectFailure('effects', purchase({ finisher: 'worker0-1', charge: chargedAgain((log) => log.kill('kill-1', 1, 'worker1-2', 'worker1-3'), 'worker0-1') }), 'r-0', 'without a cause')
  })

  it('takes one kill as a cause once', () => {
    expectFailure('effects', purchase({
      finisher: 'worker1-2',
      charge: (log, id, prev, cents) => {
        const nonce = chargedAgain((log) => log.kill('kill-1', 0, 'worker0-1', 'worker0-3'))(log, id, prev, cents)
        log.replied(log.attempt(id, 2, 'charge', prev, 'worker1-2'))
        return nonce
      },
    }), 'r-0', 'without a cause')
  })

  it.each<[string, (log: LogBuilder, first: string) => void]>([
    ['a kill', (log) => log.kill('kill-1', 0, 'worker0-1', 'worker0-3')],
    ['a retryable status', (log, a) => void log.w({ k: 'replied', a, status: 500 })],
    ['an answer that never came', (log, a) => void log.w({ k: 'replied', a, status: 0, effect: `effect_${a.slice(0, a.indexOf('#'))}`, hung: true })],
    ['the declared time-out', (log) => log.after(3_000)],
    ['an outage of the store', (log) => log.f({ k: 'fault', fault: 'store-1', kind: 'restart', role: 'store', slot: 0, phase: 'applied' })],
  ])('takes %s for a cause', (_, between) => expectPass('effects', purchase({ finisher: 'worker1-2', charge: chargedAgain(between) }), expect.any(Number) as unknown as number))

  it('takes less than the declared time-out for no cause', () => {
    expectFailure('effects', purchase({ finisher: 'worker1-2', charge: chargedAgain((log) => log.after(2_000)) }), 'r-0', 'without a cause')
  })

  it('fails when a keyed effect took place in two attempts', () => {
    expectFailure('effects', purchase({
      finisher: 'worker1-2',
      charge: (log, id, prev, cents) => {
        log.applied(log.attempt(id, 2, 'charge', prev), cents)
        log.kill('kill-1', 0, 'worker0-1', 'worker0-3')
        return log.step(id, 2, 'charge', prev, 'worker1-2', cents)
      },
    }), 'r-0', 'a keyed effect took place twice')
  })

  it('fails when a bare step ran again though its worker lived', () => {
    const log = new LogBuilder({ scenario: 'bare-steps' })
    const id = log.start(0)
    log.bareStep(id, 1, 0)
    log.bareStep(id, 1, 0)
    expectFailure('effects', log.build(), 'r-0', 'a bare step ran again')
  })
})

describe('claimed', () => {
  it('fails when a recovery runs a step again whose reply was used', () => {
    const logs = purchase({ finisher: 'worker0-3', waiting: (log) => {
      log.kill('kill-1', 0, 'worker0-1', 'worker0-3')
      log.replied(log.attempt('r-0', 2, 'charge', [1], 'worker0-3'))
    } })
    expectFailure('claimed', logs, 'r-0', 'a claimed step was attempted again')
  })

  it('fails for a bare step, too', () => {
    const log = new LogBuilder({ scenario: 'bare-steps' })
    const id = log.start(0)
    log.bareStep(id, 2, log.bareStep(id, 1, 0))
    log.kill('kill-1', 0, 'worker0-1', 'worker0-3')
    log.bareStep(id, 1, 0, 'worker0-3')
    expectFailure('claimed', log.build(), 'r-0', 'a claimed step was attempted again')
  })

  it('fails when the reply of a superseded attempt is recorded', () => {
    const logs = purchase({ source: 'worker1-2', finisher: 'worker0-1', charge: (log, id, prev, cents) => {
      const nonce = log.step(id, 2, 'charge', prev, 'worker1-2', cents)
      log.pause('pause-1', 1, 'worker1-2', 'applied')
      return nonce
    } }, (log) => {
      log.pause('pause-1', 1, 'worker1-2', 'healed')
      log.journal.push({ workflowId: 'r-0', kind: 'step', seq: 3, nonce: log.step('r-0', 3, 'receipt', [2], 'worker1-2') })
    })
    expectFailure('claimed', logs, 'r-0', 'superseded')
    expectFailure('fencing', logs, 'r-0', 'superseded')
  })
})

describe('stability', () => {
  it('fails when the outcome holds a stale reply', () => {
    const logs = purchase({}, (log) => void log.replied(log.attempt('r-0', 6, 'ship', [4])))
    expectFailure('stability', toldTrace(logs, (trace) => [...trace.slice(0, -1), 6]), 'r-0', 'the journal holds another reply than the outcome')
  })

  it('fails when two steps of the outcome are swapped', () => {
    expectFailure('stability', toldTrace(purchase(), ([first, second, ...rest]) => [second!, first!, ...rest]), 'r-0', 'the reply of another step')
  })

  it('fails when a reply in the outcome was never given', () => {
    expectFailure('stability', toldTrace(purchase(), (trace) => [77, ...trace.slice(1)]), 'r-0', 'never gave')
  })

  it('fails when a winning attempt was given another path', () => {
    const logs = purchase({ charge: (log, id, _prev, cents) => log.step(id, 2, 'charge', [], undefined, cents) })
    expectFailure('stability', logs, 'r-0', 'not given the path before it')
  })

  it('fails when the journal lacks a step, or the end', () => {
    const logs = purchase()
    expectFailure('stability', { ...logs, journal: logs.journal.filter((entry) => entry.seq !== 3) }, 'r-0', 'the journal lacks')
    const two = new LogBuilder()
    for (const index of [0, 1]) playPurchase(two, index)
    const both = two.build()
    expectFailure('stability', { ...both, journal: both.journal.filter((entry) => entry.kind !== 'end' || entry.workflowId !== 'r-1') }, 'r-1', 'the journal lacks the end')
  })

  it('fails when two readers see different results', () => {
    const logs = purchase({ readers: ['live', 'drain'] })
    expectFailure('stability', told(logs, (outcome, reader) => (reader === 'live' ? outcome : { status: 'cancelled' })), 'r-0', 'two readers')
  })

  it('fails when one step was attempted with two inputs', () => {
    const logs = purchase({ finisher: 'worker1-2', charge: chargedAgain((log) => log.kill('kill-1', 0, 'worker0-1', 'worker0-3')) })
    const last = logs.world.findLast((line) => line.k === 'attempt' && line.seq === 2)!
    expectFailure('stability', { ...logs, world: logs.world.map((line) => (line === last && line.k === 'attempt' ? { ...line, ih: 8 } : line)) }, 'r-0', 'two inputs')
  })

  it('fails for bare steps whose outcome, ledger or chain differ', () => {
    const build = (): Logs => {
      const log = new LogBuilder({ scenario: 'bare-steps' })
      playBare(log, 0)
      return log.build()
    }
    const logs = build()
    expectFailure('stability', toldTrace(logs, (trace) => trace.with(2, trace[1]!)), 'r-0', 'another step')
    const journal = logs.journal.map((entry) => (entry.seq === 2 ? { ...entry, nonce: 5 } : entry))
    expectFailure('stability', { ...logs, journal }, 'r-0', 'the journal holds')
    const bare = logs.bare.map((file) => ({ ...file, records: file.records.map((record) => (record.kind === 'step' && record.seq === 4 ? { ...record, prev: 0 } : record)) }))
    expectFailure('stability', { ...logs, bare }, 'r-0', 'not given the path before it')
  })

  it('accepts branches, timers, failures and children in a path', () => {
    const log = new LogBuilder({ scenario: 'script' })
    const id = log.start(0)
    const first = log.step(id, 1, 'mail', [])
    const left = log.step(id, 2, 'mail', [first])
    const right = log.step(id, 3, 'mail', [first])
    log.after(100)
    log.step(`${id}/5`, 1, 'mail', [])
    log.w({ k: 'replied', a: log.attempt(id, 6, 'mail', [`child:${id}/5`]), status: 400 })
    const last = log.step(id, 7, 'mail', [])
    const trace: TraceEntry[] = [first, left, right, { timer: 50 }, { child: `${id}/5` }, { failed: 'refused' }, last]
    log.record(id, trace)
    log.seen(id, null, trace)
    const logs = log.build()
    expectPass('stability', logs, 1)
    expectPass('order', logs, 2)
  })
})

describe('order', () => {
  it('fails when a step is attempted before the answer to the one before it', () => {
    const logs = purchase()
    const early = logs.world.find((line) => line.k === 'attempt' && line.seq === 3)!
    const rest = logs.world.filter((line) => line !== early)
    const at = rest.findIndex((line) => line.k === 'replied' && line.a === 'r-0/2#1')
    expectFailure('order', { ...logs, world: renumbered(rest.toSpliced(at, 0, { ...early, t: rest[at]!.t })) }, 'r-0', 'before the one before it')
  })

  it('fails when bare steps are the wrong way round, in one file or in two', () => {
    for (const source of ['worker0-1', 'worker1-2']) {
      const log = new LogBuilder({ scenario: 'bare-steps' })
      const id = log.start(0)
      const second = log.bareStep(id, 2, 0, source)
      const trace = [log.bareStep(id, 1, 0), second]
      log.seen(id, 2, trace)
      // The chain would betray it: given here, so that the order alone does.
      const records = log.bare.get(source)!
      records[1] = { ...records[1]!, prev: trace[0]! } as (typeof records)[number]
      expectFailure('order', log.build(), 'r-0', 'before the one before it')
    }
  })
})

describe('signals', () => {
  const lost = (logs: Logs): Logs => toldTrace(logs, (trace) => trace.with(3, { wait: 'approval', signalId: null, timeoutMs: 3_000 }))

  it('fails when an early signal is lost', () => expectFailure('signals', lost(purchase({ early: true, answered: true })), 'r-0', 'not seen'))

  it('fails when a signal during the wait is lost', () => expectFailure('signals', lost(purchase({ early: false, answered: true })), 'r-0', 'not seen'))

  it('asks nothing for a signal that was accepted after the time-out', () => {
    const logs = purchase({ answered: false }, (log) => void log.signal('r-0', 'approval'))
    expect(judged('signals', logs)).toMatchObject({ verdict: 'pass', exposures: 0, measures: { lateSignals: 1 } })
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

  it('lets a resumed worker do new work that it was given', () => {
    const logs = purchase({ source: 'worker1-2', finisher: 'worker1-2', charge: (log, id, prev, cents) => {
      log.pause('pause-1', 1, 'worker1-2', 'applied')
      const nonce = log.after(700).step(id, 2, 'charge', prev, 'worker0-1', cents)
      log.pause('pause-1', 1, 'worker1-2', 'healed')
      return nonce
    } })
    expectPass('fencing', logs, 1)
  })
})

describe('finality', () => {
  it('fails when an outcome is another one when read again', () => {
    expectFailure('finality', told(purchase(), (outcome, reader) => (reader === 'reread' ? { status: 'cancelled' } : outcome)), 'r-0', 'changed')
  })

  it('fails when a run that ended is running again', () => {
    expectFailure('finality', told(purchase(), (outcome, reader) => (reader === 'reread' ? { status: 'running' } : outcome)), 'r-0', 'running again')
  })

  it('fails when a step is attempted after the end', () => {
    expectFailure('finality', purchase({}, (log) => log.step('r-0', 7, 'receipt', [5])), 'r-0', 'after the end')
    const log = new LogBuilder({ scenario: 'bare-steps' })
    const trace = playBare(log, 0)
    log.bareStep('r-0', 6, trace.at(-1) as number)
    expectFailure('finality', log.build(), 'r-0', 'after the end')
  })
})

describe('start-dedup', () => {
  /** Started by two clients. */
  const twice = (then: (log: LogBuilder, trace: TraceEntry[]) => void): Logs => {
    const log = new LogBuilder()
    log.start(0)
    then(log, playPurchase(log, 0))
    return log.build()
  }

  it('passes for two starts that are one run', () => expectPass('start-dedup', twice(() => undefined), 1))

  it('fails when the journal has two starts', () => {
    expectFailure('start-dedup', twice((log) => void log.journal.push({ workflowId: 'r-0', kind: 'start', seq: 0 })), 'r-0', 'two starts')
  })

  it('fails when the first step is done by two runs', () => {
    expectFailure('start-dedup', twice((log) => log.step('r-0', 1, 'plan', [], 'worker1-2')), 'r-0', 'two runs')
  })

  it('fails when two replies of one step are both used', () => {
    expectFailure('start-dedup', twice((log) => log.step('r-0', 2, 'charge', [log.step('r-0', 1, 'plan', [], 'worker1-2')], 'worker1-2')), 'r-0', 'two paths')
  })
})

describe('conservation', () => {
  it('fails when money was taken twice, even if another run lost as much', () => {
    const log = new LogBuilder()
    playPurchase(log, 0, { finisher: 'worker1-2', charge: (log, id, prev, cents) => log.step(id, 2, 'charge', prev, 'worker0-1', cents + 50) })
    playPurchase(log, 1, { finisher: 'worker1-2', charge: (log, id, prev, cents) => log.step(id, 2, 'charge', prev, 'worker0-1', cents - 50) })
    const logs = log.build()
    expectFailure('conservation', logs, 'r-0', 'the world has')
    expectFailure('conservation', logs, 'r-1', 'the world has')
  })

  it('fails when a refund is missing', () => {
    const logs = purchase({ answered: false })
    expectFailure('conservation', { ...logs, world: renumbered(logs.world.filter((line) => !(line.k === 'applied' && (line.cents ?? 0) < 0))) }, 'r-0', 'the world has')
  })
})

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

describe('evidence', () => {
  it('fails when an answer has no call', () => {
    const logs = purchase()
    expectFailure('evidence', { ...logs, history: renumbered(logs.history.slice(1)) }, 'r-0', 'which is not open')
  })

  it('fails when an attempt carries a reply that was never given', () => {
    expectFailure('evidence', purchase({ charge: (log, id, _prev, cents) => log.step(id, 2, 'charge', [99], undefined, cents) }), 'r-0', 'never gave')
  })

  it('fails when an effect was never answered though its caller lived', () => {
    expectFailure('evidence', purchase({ finisher: 'worker1-2', charge: chargedAgain((log) => log.after(3_000)) }), 'r-0', 'never answered')
  })
})
