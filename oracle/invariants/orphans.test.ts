import { describe, expect, it } from 'vitest'
import type { Promises } from '../../contract/driver.ts'
import { renumbered, type Logs } from '../logs.ts'
import { LogBuilder } from '../testing/build-log.ts'
import { expectFailure, expectPass, judged, toldTrace } from '../testing/judging.ts'
import { playTeam, type TeamHooks } from '../testing/play-team.ts'

type Policy = Promises['orphans']['value']

const team = (hooks: TeamHooks = {}, policy: Policy = 'cancel', then: (log: LogBuilder) => void = () => undefined): Logs => {
  const log = new LogBuilder({ scenario: 'children' }, { orphans: { value: policy, page: 'ours' } })
  playTeam(log, 0, hooks)
  then(log)
  return log.build()
}
const late = (log: LogBuilder): void => void log.after(500).attempt('r-0/4/2', 3, 'note', [])

describe('orphans', () => {
  it('passes for a team that went to its end, and for one that was called off', () => {
    expectPass('orphans', team(), 6)
    expectPass('orphans', team({ cancelled: true }), 2)
  })

  it('fails when a child goes on with the result of a child that never ran', () => {
    const logs = team()
    const dropped = (id: string): boolean => id.startsWith('r-0/4/2')
    const world = logs.world.filter((line) => !('a' in line && dropped(line.a)))
    expectFailure('orphans', { ...logs, world: renumbered(world), journal: logs.journal.filter(({ workflowId }) => !dropped(workflowId)) }, 'r-0/4', 'a child that never ran')
  })

  it('fails when a parent was handed what another child came to', () => {
    const last = (own: (seq: number) => number): Logs => toldTrace(team(), (trace) => trace.map((entry, i) => (typeof entry === 'object' && 'child' in entry ? { ...entry, last: own(i + 1) } : entry)))
    const given = team().world.filter((line) => line.k === 'replied')
    const review = (seq: number): number => given.find(({ a }) => a === `r-0/${seq}/4#1`)!.nonce!
    expectPass('orphans', last(review), 6)
    expectFailure('orphans', last((seq) => review(9 - seq)), 'r-0', 'what another child came to')
  })

  it('fails when a child goes on after its parent had ended, two levels up too', () => {
    for (const policy of ['cancel', 'terminate'] as const) expectFailure('orphans', team({ cancelled: true }, policy, late), 'r-0/4/2', 'after its parent had ended')
  })

  it('lets one that is to be terminated begin what was asked for before, for a moment', () => {
    const soon = (log: LogBuilder): void => void log.after(100).attempt('r-0/4/2', 3, 'note', [])
    expectPass('orphans', team({ cancelled: true }, 'terminate', soon), 2)
    expectFailure('orphans', team({ cancelled: true }, 'cancel', soon), 'r-0/4/2', 'after its parent had ended')
  })

  it('lets an abandoned child go on, and counts it', () => {
    expect(judged('orphans', team({ cancelled: true }, 'abandon', (log) => void log.after(500).attempt('r-0/4', 4, 'review', [])))).toMatchObject({ verdict: 'pass', measures: { wentOnAlone: 1 } })
  })

  it('fails whatever the policy when a child goes on whose result its parent used', () => {
    for (const policy of ['cancel', 'terminate', 'abandon', 'none'] as const) expectFailure('orphans', team({}, policy, late), 'r-0/4/2', 'had gone on with its end')
  })

  it('fails when the journal has no end of a child, as soon as it is due', () => {
    const unended = { cancelled: true, unended: ['r-0/4/2'] }
    expectFailure('orphans', team(unended), 'r-0/4/2', 'a child did not end')
    const wait = (ms: number) => (log: LogBuilder): void => void log.after(ms)
    expect(judged('orphans', team(unended, 'terminate')).verdict).toBe('pass')
    expectFailure('orphans', team(unended, 'terminate', wait(1_000)), 'r-0/4/2', 'a child did not end')
    expect(judged('orphans', team({ cancelled: true, unended: ['r-0/4'] }, 'abandon', wait(1_000)))).toMatchObject({ verdict: 'pass', measures: { endNotYetDue: 1 } })
    expectFailure('orphans', team({ cancelled: true, unended: ['r-0/4'] }, 'abandon', wait(70_000)), 'r-0/4', 'a child did not end')
  })

  it('fails when outcome and logs tell of different children', () => {
    const logs = team()
    expectFailure('orphans', toldTrace(logs, (trace) => trace.with(3, { child: 'r-0/9' })), 'r-0', 'a child that never ran')
    expectFailure('orphans', toldTrace(logs, (trace) => trace.with(3, { timer: 5 })), 'r-0/4', 'does not know')
    expectPass('orphans', toldTrace(logs, (trace) => trace.with(3, { failed: 'refused' })), 6)
  })

  it('counts what a zombie does in a child apart', () => {
    const zombie = (log: LogBuilder): void => {
      log.pause('pause-1', 1, 'worker1-2', 'healed')
      log.attempt('r-0/4/2', 3, 'note', [], 'worker1-2')
    }
    const logs = team({ cancelled: true, meanwhile: (log) => log.pause('pause-1', 1, 'worker1-2', 'applied') }, 'cancel', zombie)
    expect(judged('orphans', logs)).toMatchObject({ verdict: 'pass', measures: { zombieAttempts: 1 } })
  })
})
