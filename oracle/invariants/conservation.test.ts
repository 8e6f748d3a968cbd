import { describe, it } from 'vitest'
import { renumbered } from '../logs.ts'
import { LogBuilder, playPurchase } from '../testing/build-log.ts'
import { expectFailure, purchase } from '../testing/judging.ts'

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
