import { describe, it } from 'vitest'
import { LogBuilder } from '../testing/build-log.ts'
import { expectFailure, purchase } from '../testing/judging.ts'

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
