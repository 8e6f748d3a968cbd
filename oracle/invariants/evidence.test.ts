import { describe, it } from 'vitest'
import { renumbered } from '../logs.ts'
import { chargedAgain, expectFailure, purchase } from '../testing/judging.ts'

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
