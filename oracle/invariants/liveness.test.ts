import { describe, expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.ts'
import type { Logs } from '../logs.ts'
import { LogBuilder } from '../testing/build-log.ts'
import { expectFailure, expectPass, judged, purchase, told } from '../testing/judging.ts'

describe('liveness', () => {
  it('fails when a run has not ended though there was time enough', () => {
    const logs = told(purchase({}, (log) => log.after(100_000)), () => ({ status: 'running' }))
    expectFailure('liveness', logs, 'r-0', 'did not end in time')
  })

  it('is unknown when there was not', () => {
    expect(judged('liveness', told(purchase(), () => ({ status: 'running' }))).verdict).toBe('unknown')
  })

  it('fails when a follower saw it end too late', () => {
    expectFailure('liveness', purchase({ waiting: (log) => log.after(100_000) }), 'r-0', 'too late')
  })

  it('counts from the last heal', () => {
    const logs = purchase({ finisher: 'worker0-3', waiting: (log) => log.after(50_000).kill('kill-1', 0, 'worker0-1', 'worker0-3') }, (log) => log.after(1))
    expectPass('liveness', logs, 1)
  })
})

describe('liveness of a run that takes its worker down', () => {
  const poison = scenarios.get('poison')!
  const index = Array.from({ length: 25 }, (_, i) => i).find((i) => poison.poison!.isDeadly(poison.input(1, i, null)))!

  /** A deadly run that so many workers died of; nothing else is seen of it. */
  function fallen(workers: number, promised: 'fails' | 'put-aside'): Logs {
    const log = new LogBuilder({ scenario: 'poison' }, { poison: { value: promised, page: 'ours' } })
    const id = log.start(index)
    const fetched = log.step(id, 1, 'fetch', [])
    for (let life = 0; life < workers; life++) {
      const incarnation = `worker0-${10 + life}`
      log.worker('spawned', 0, incarnation)
      log.applied(log.attempt(id, 2, 'parse', [fetched], incarnation))
      log.f({ k: 'exited', role: 'worker', slot: 0, incarnation, code: null, signal: 'SIGKILL', expected: false })
    }
    log.worker('spawned', 0, 'worker0-99')
    log.after(100_000).h({ ph: 'seen', id, reader: 'drain', outcome: { status: 'running' } })
    return log.build()
  }

  it('passes when its engine promises to put it aside, and fails where it promises to let it fail', () => {
    expectPass('liveness', fallen(5, 'put-aside'), 1)
    expectPass('admission', fallen(5, 'put-aside'), 1)
    expectFailure('liveness', fallen(5, 'fails'), `r-${index}`, 'did not end in time')
    expectFailure('admission', fallen(5, 'fails'), `r-${index}`, 'did not end')
  })

  it('fails when it costs one worker more than it may', () => {
    expectFailure('liveness', fallen(6, 'put-aside'), `r-${index}`, 'was tried by more than 5')
  })
})
