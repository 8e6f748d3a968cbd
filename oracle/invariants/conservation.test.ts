import { describe, expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.ts'
import { checkEvidence } from '../check.ts'
import { renumbered, type Logs } from '../logs.ts'
import { evidenceOf } from '../read/evidence.ts'
import { LogBuilder, playPurchase } from '../testing/build-log.ts'
import { expectFailure, expectPass, purchase } from '../testing/judging.ts'
import { legalLoops } from '../testing/legal.ts'

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

  it('fails for an outcome that its scenario can\'t read, and breaks over none', () => {
    expectPass('conservation', legalLoops(), 3)
    expectFailure('conservation', legalLoops({ used: null }), 'r-0', 'its scenario can\'t read it (')
    const told = (logs: Logs): unknown[] => checkEvidence(evidenceOf(logs, scenarios), []).invariants.filter(({ verdict }) => verdict !== 'pass').map(({ name }) => name)
    expect(told(legalLoops())).toEqual([])
    expect(told(legalLoops({ used: null }))).toEqual(['conservation', 'outcome'])
  })
})
