import { describe, it } from 'vitest'
import type { TraceEntry } from '../../contract/logs.ts'
import type { Logs } from '../logs.ts'
import { LogBuilder, playPurchase } from '../testing/build-log.ts'
import { expectFailure, expectPass } from '../testing/judging.ts'

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
