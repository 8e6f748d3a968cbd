// Faults of the network as the oracle takes them: a worker that is cut off may be superseded, as one that sleeps may, only that it acts
// meanwhile; a link that all share excuses what its workers do again, unless it is the clients' own.
import { describe, expect, it } from 'vitest'
import type { LogBuilder } from './testing/build-log.ts'
import { chargedAgain, expectFailure, judged, purchase } from './testing/judging.ts'
import type { Logs } from './logs.ts'

const cutOff = (log: LogBuilder, phase: 'applied' | 'healed'): void =>
  log.f({ k: 'fault', fault: 'partition-1', kind: 'partition', role: 'worker', link: 'worker-store', slot: 1, incarnation: 'worker1-2', phase })

describe('a worker that is cut off from the store', () => {
  /** Its run is taken over at the receipt, which it then makes a second time, before or after the heal. */
  const zombie = (healed: 'before' | 'after', record: (log: LogBuilder, nonce: number) => void): Logs => purchase({
    source: 'worker1-2', finisher: 'worker0-1', early: true,
    charge: (log, id, prev, cents) => {
      const nonce = log.step(id, 2, 'charge', prev, 'worker1-2', cents)
      cutOff(log, 'applied')
      log.after(700)
      return nonce
    },
  }, (log) => {
    if (healed === 'before') cutOff(log, 'healed')
    record(log, log.step('r-0', 3, 'receipt', [2], 'worker1-2'))
    if (healed === 'after') cutOff(log, 'healed')
  })

  for (const healed of ['before', 'after'] as const) {
    it(`may act ${healed === 'after' ? 'while it is cut off' : 'once it is healed'}, as long as nobody records it`, () => {
      const logs = zombie(healed, () => undefined)
      expect(judged('fencing', logs)).toMatchObject({ verdict: 'pass', exposures: 1, measures: { zombieAttempts: 1 } })
      for (const name of ['effects', 'claimed', 'finality'] as const) expect(judged(name, logs).verdict).toBe('pass')
    })

    it(`and acts ${healed === 'after' ? 'while it is cut off' : 'once it is healed'} against the fence when it is recorded`, () => {
      expectFailure('fencing', zombie(healed, (log, nonce) => void log.journal.push({ workflowId: 'r-0', kind: 'step', seq: 3, nonce })), 'r-0', 'recorded')
    })
  }
})

describe('a link that is down', () => {
  const down = (link: string) => (log: LogBuilder): void => {
    for (const phase of ['applied', 'proved', 'healed'] as const) log.f({ k: 'fault', fault: `down ${link}`, kind: 'down', role: 'link', link, phase })
  }

  for (const link of ['worker-store', 'worker-engine', 'engine-store']) {
    it(`is a cause for a second attempt, between ${link.replace('-', ' and ')}`, () => {
      expect(judged('effects', purchase({ finisher: 'worker1-2', charge: chargedAgain(down(link)) })).verdict).toBe('pass')
    })
  }

  it('is none between clients and the engine: what they ask for late makes no worker do anything twice', () => {
    expectFailure('effects', purchase({ finisher: 'worker1-2', charge: chargedAgain((log, first) => {
      log.replied(first)
      down('app-engine')(log)
    }) }), 'r-0', 'without a cause')
  })
})
