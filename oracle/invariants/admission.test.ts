import { describe, it } from 'vitest'
import { LogBuilder } from '../testing/build-log.ts'
import { expectFailure, expectPass, purchase, told } from '../testing/judging.ts'

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
