import { describe, it } from 'vitest'
import { renumbered, type Logs } from '../logs.ts'
import { LogBuilder } from '../testing/build-log.ts'
import { expectFailure, purchase, toldTrace } from '../testing/judging.ts'

describe('order', () => {
  it('fails when a step is attempted before the answer to the one before it', () => {
    const logs = purchase()
    const early = logs.world.find((line) => line.k === 'attempt' && line.seq === 3)!
    const rest = logs.world.filter((line) => line !== early)
    const at = rest.findIndex((line) => line.k === 'replied' && line.a === 'r-0/2#1')
    expectFailure('order', { ...logs, world: renumbered(rest.toSpliced(at, 0, { ...early, t: rest[at]!.t })) }, 'r-0', 'before the one before it')
  })

  it('fails when two steps are filed under each other\'s numbers, in the outcome or at the world', () => {
    expectFailure('order', toldTrace(purchase(), ([first, second, ...rest]) => [second!, first!, ...rest]), 'r-0', 'before the one before it')
    const logs = purchase()
    const other = (seq: number): number => (seq === 1 ? 2 : seq === 2 ? 1 : seq)
    const filed: Logs = { ...logs, world: logs.world.map((line) => (line.k === 'attempt' ? { ...line, seq: other(line.seq) } : line)) }
    expectFailure('order', filed, 'r-0', 'before the one before it')
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
