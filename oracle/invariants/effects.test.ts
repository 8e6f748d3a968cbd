import { describe, expect, it } from 'vitest'
import { LogBuilder } from '../testing/build-log.ts'
import { chargedAgain, expectFailure, judged, purchase } from '../testing/judging.ts'

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
    ['a worker that stood still, though the world had answered it in time', (log, first) => {
      log.replied(first)
      log.standstill('worker0-1', 400)
    }],
    ['an outage of the store', (log) => log.f({ k: 'fault', fault: 'store-1', kind: 'restart', role: 'store', slot: 0, phase: 'applied' })],
  ])('takes %s for a cause', (_, between) => expect(judged('effects', purchase({ finisher: 'worker1-2', charge: chargedAgain(between) })).verdict).toBe('pass'))

  it.each<[string, (log: LogBuilder, first: string) => void]>([
    ['another worker that stood still', (log) => log.standstill('worker1-2', 400)],
    ['a worker that stood still before its attempt', (log) => log.f({ k: 'stood-still', incarnation: 'worker0-1', fromMs: 500, untilMs: 900 })],
  ])('takes %s for no cause', (_, between) => expectFailure('effects', purchase({ finisher: 'worker0-1', charge: chargedAgain(between, 'worker0-1') }), 'r-0', 'without a cause'))

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

  it('fails when an attempt carries another key than its step\'s, though each took place once', () => {
    const logs = purchase()
    expectFailure('effects', { ...logs, world: logs.world.map((line) => (line.k === 'attempt' && line.key !== null ? { ...line, key: `purchase/${line.seq}` } : line)) }, 'r-0', 'another key than its own')
  })

  it('fails when a bare step ran again though its worker lived', () => {
    const log = new LogBuilder({ scenario: 'bare-steps' })
    const id = log.start(0)
    log.bareStep(id, 1, 0)
    log.bareStep(id, 1, 0)
    expectFailure('effects', log.build(), 'r-0', 'a bare step ran again')
  })
})
