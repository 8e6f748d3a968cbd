import { describe, expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.ts'
import { checkEvidence } from '../check.ts'
import type { Logs } from '../logs.ts'
import { evidenceOf } from '../read/evidence.ts'
import { LogBuilder, playPurchase } from '../testing/build-log.ts'
import { expectFailure, expectPass, judged, purchase, told } from '../testing/judging.ts'
import { playTrip, tripWith, type TripHooks } from '../testing/play-trip.ts'

const declined = tripWith('declined')
const trip = (hooks: TripHooks = {}, index = declined, then: (log: LogBuilder) => void = () => undefined): Logs => {
  const log = new LogBuilder({ scenario: 'saga' })
  then(log)
  playTrip(log, index, hooks)
  return log.build()
}
const id = `r-${declined}`

describe('outcome', () => {
  it('passes for trips that were booked, and for those that were given up and taken back, the last first', () => {
    const log = new LogBuilder({ scenario: 'saga' })
    for (let index = 0; index < 8; index++) playTrip(log, index)
    const evidence = evidenceOf(log.build(), scenarios)
    const checked = checkEvidence(evidence, [])
    expect(checked.invariants.filter(({ verdict }) => verdict !== 'pass')).toEqual([])
    expect(checked.corruptions.unnoticed).toEqual([])
    expect(checked.corruptions.tried.filter(({ invariant }) => invariant === 'outcome')).toHaveLength(3)
  })

  describe('of a scenario that leaves it to the world', () => {
    const failed = (code: string, logs = purchase()): Logs => told(logs, () => ({ status: 'failed', error: { code, message: 'so it says' } }))
    const answered = (status: number, logs = purchase()): Logs => ({ ...logs, world: logs.world.map((line) => (line.k === 'replied' && line.a === 'r-0/6#1' ? { n: line.n, t: line.t, k: 'replied' as const, a: line.a, status } : line)) })

    it('passes when all went well, and when the world refused a step', () => {
      expectPass('outcome', purchase(), 1)
      expectPass('outcome', failed('refused', answered(400)), 1)
    })

    it('fails when a run failed though the world refused nothing, or was hardly tried', () => {
      expectFailure('outcome', failed('refused', answered(500)), 'r-0', 'which the world never did')
      expectFailure('outcome', failed('exhausted', answered(500)), 'r-0', 'no step of it was tried as often as its policy says')
    })

    it('fails when an engine fails a run on its own account, unless something had gone wrong', () => {
      const two = new LogBuilder()
      for (const index of [0, 1]) playPurchase(two, index)
      const { history, ...others } = two.build()
      const one = { ...others, history: history.map((line) => (line.ph === 'seen' && line.id === 'r-0' ? { ...line, outcome: { status: 'failed' as const, error: { code: 'timeout', message: '' } } } : line)) }
      expectFailure('outcome', one, 'r-0', 'though nothing had gone wrong: timeout')
      const killed = failed('timeout', purchase({ waiting: (log) => log.kill('kill-1', 0, 'worker0-1', 'worker0-3'), finisher: 'worker0-3' }))
      expect(judged('outcome', killed).verdict).toBe('pass')
    })

    it('is unknown when no run gets through, since it may be the body that throws', () => {
      expect(judged('outcome', failed('Error'))).toMatchObject({ verdict: 'unknown', findings: [expect.objectContaining({ workflowId: 'r-0' })] })
    })
  })

  it('fails when a run comes to what its input can not come to', () => {
    expectFailure('outcome', trip({ booked: true }), id, 'its card was declined, and its trip is booked')
    expectFailure('outcome', told(trip(), () => ({ status: 'failed', error: { code: 'refused', message: '' } })), id, 'a run that nothing can fail is failed')
  })

  it('fails when what was given up is not taken back, twice, or the first first', () => {
    expectFailure('outcome', trip({ returned: ['hotel'] }), id, "what a run that gave up did was not taken back by 'cancel-flight'")
    expectFailure('outcome', trip({ returned: ['hotel', 'hotel', 'flight'] }), id, 'a compensation ran twice')
    expectFailure('outcome', trip({ returned: ['flight', 'hotel'] }), id, 'another order than the last first')
  })

  it('fails when a step is given up as refused that the world did not refuse', () => {
    expectFailure('outcome', trip({ statuses: [500] }), id, 'given up as refused, which the world never did')
  })

  it('fails when a step is given up before its tries ran out, or tried after that, unless there was trouble', () => {
    const tries = (count: number): TripHooks => ({ statuses: Array<number>(count).fill(500), failed: 'exhausted' })
    expectPass('outcome', trip(tries(12)), 1)
    expectFailure('outcome', trip(tries(11)), id, 'given up as exhausted after 11 of 12 tries')
    expectFailure('outcome', trip(tries(13)), id, 'may be tried 12 times was tried 13 times')
    const killed = (log: LogBuilder): void => log.kill('kill-1', 1, 'worker1-2', 'worker1-3')
    expectFailure('outcome', trip(tries(11), declined, killed), id, 'exhausted after 11')
    expectPass('outcome', trip({ ...tries(11), meanwhile: killed }), 1)
    expectPass('outcome', trip({ ...tries(13), meanwhile: (log) => log.pause('pause-1', 1, 'worker1-2', 'applied') }), 1)
  })

  it('doubts that the tries ran out early when one of them may never have been read', () => {
    const log = new LogBuilder({ scenario: 'saga' })
    playTrip(log, declined, { statuses: [...Array<number>(10).fill(500)], failed: 'exhausted' })
    const logs = log.build()
    const slow = { ...logs, world: logs.world.map((line) => ({ ...line, t: line.t > logs.world[20]!.t ? line.t + 3_000 : line.t })) }
    expect(judged('outcome', slow)).toMatchObject({ verdict: 'unknown' })
  })
})
