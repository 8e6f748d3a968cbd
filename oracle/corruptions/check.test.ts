import { expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.ts'
import { checkEvidence, type PointCheck } from '../check.ts'
import type { Logs } from '../logs.ts'
import { evidenceOf } from '../read/evidence.ts'
import { LogBuilder } from '../testing/build-log.ts'
import { purchase } from '../testing/judging.ts'

const check = (logs: Logs): PointCheck => checkEvidence(evidenceOf(logs, scenarios), [])
const tried = ({ corruptions }: PointCheck): string[] => corruptions.tried.map(({ name }) => name)

/** Taken over from a paused worker, then cancelled: its end tells of no replies. */
function takenOverAndCancelled(): Logs {
  const log = new LogBuilder()
  const id = log.start(0)
  const plan = log.step(id, 1, 'plan', [], 'worker1-2')
  log.pause('pause-1', 1, 'worker1-2', 'applied')
  const charge = log.after(700).step(id, 2, 'charge', [plan], 'worker0-1', 500)
  log.cancel(id)
  log.record(id, [plan, charge])
  for (const reader of ['live', 'reread']) log.told(id, { status: 'cancelled' }, reader)
  log.pause('pause-1', 1, 'worker1-2', 'healed')
  return log.build()
}

it('puts the reply of a superseded worker into no outcome that tells of none, but into the journal', () => {
  const checked = check(takenOverAndCancelled())
  expect(checked.invariants.find(({ name }) => name === 'fencing')).toMatchObject({ verdict: 'pass', exposures: 1 })
  expect(tried(checked)).not.toContain('the reply of a superseded worker is in the outcome')
  expect(tried(checked)).toContain('the reply of a superseded worker is in the journal')
  expect(tried(checked)).toContain('a step was attempted after the run was seen cancelled')
  expect(checked.corruptions.unnoticed).toEqual([])
})

it('has no superseded worker run a claimed step again, which is legal, but the one that took over', () => {
  const checked = check(purchase({ source: 'worker1-2', finisher: 'worker0-1', early: true, charge: (log, id, prev, cents) => {
    const nonce = log.step(id, 2, 'charge', prev, 'worker1-2', cents)
    log.pause('pause-1', 1, 'worker1-2', 'applied')
    log.after(700)
    return nonce
  } }, (log) => log.pause('pause-1', 1, 'worker1-2', 'healed')))
  expect(checked.verdict).toBe('pass')
  expect(tried(checked)).toContain('a claimed step ran again')
  expect(checked.corruptions.unnoticed).toEqual([])
})
