import { describe, it } from 'vitest'
import { LogBuilder, playBare } from '../testing/build-log.ts'
import { expectFailure, purchase, told } from '../testing/judging.ts'

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
