import { describe, it } from 'vitest'
import type { TraceEntry } from '../../contract/logs.ts'
import type { Logs } from '../logs.ts'
import { LogBuilder, playBare, playPurchase } from '../testing/build-log.ts'
import { chargedAgain, expectFailure, expectPass, purchase, told, toldTrace } from '../testing/judging.ts'

describe('stability', () => {
  it('fails when the outcome holds a stale reply', () => {
    const logs = purchase({}, (log) => void log.replied(log.attempt('r-0', 6, 'ship', [4])))
    expectFailure('stability', toldTrace(logs, (trace) => [...trace.slice(0, -1), 6]), 'r-0', 'the journal holds another reply than the outcome')
  })

  it('fails when the journal forgot what it held before the power was cut, and only then', () => {
    const logs = purchase()
    const before = (entries: Logs['journal']): Logs => ({ ...logs, earlier: [{ file: 'journal-before-cut.jsonl', entries }] })
    const step = logs.journal.find(({ kind }) => kind === 'step')!
    expectFailure('stability', before([{ ...step, nonce: 77 }]), 'r-0', 'before the power was cut: step')
    expectFailure('stability', before([{ workflowId: 'r-0', kind: 'start', seq: 40 }]), 'r-0', 'before the power was cut: start')
    expectPass('stability', before(logs.journal.slice(0, 3)), 1)
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

  it('fails when a run begins with another one\'s input, or with another step', () => {
    const logs = purchase()
    const begun = (change: { ih: number } | { step: string }): Logs => ({ ...logs, world: logs.world.map((line) => (line.k === 'attempt' && line.seq === 1 ? { ...line, ...change } : line)) })
    expectFailure('stability', begun({ ih: 7 }), 'r-0', 'begins with another input of \'plan\'')
    expectFailure('stability', begun({ step: 'receipt' }), 'r-0', 'begins with \'plan\'')
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

it('asks no ledger for bare steps whose ledger the plan turned off, and counts no exposure for them', () => {
  const log = new LogBuilder({ scenario: 'bare-steps', bareLedger: 'off' })
  playBare(log, 0)
  const logs = { ...log.build(), bare: [] }
  expectPass('stability', logs, 0)
  expectFailure('stability', { ...logs, journal: logs.journal.filter((entry) => entry.seq !== 3) }, 'r-0', 'the journal lacks a step')
})

describe('stability of runs that meet a deploy', () => {
  const offer = (first: string, last: string): Logs => {
    const log = new LogBuilder({ scenario: 'upgrade' })
    const id = log.start(0)
    const drafted = log.step(id, 1, first, [])
    const sent = log.step(id, 3, last, [drafted])
    const trace: TraceEntry[] = [drafted, { wait: 'approval', signalId: null, timeoutMs: 0 }, sent]
    log.record(id, trace)
    log.seen(id, null, trace)
    return log.build()
  }

  it('fails when a run goes on with another version than the one that began it', () => {
    expectPass('stability', offer('draft-1', 'send-1'), 1)
    expectPass('stability', offer('draft-2', 'send-2'), 1)
    expectFailure('stability', offer('draft-1', 'send-2'), 'r-0', 'that version 1 began went on with version 2')
  })
})
