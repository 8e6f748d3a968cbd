import { describe, expect, it } from 'vitest'
import type { InvariantResult, KnownFinding } from '../contract/result.ts'
import { scenarios } from '../scenarios/index.ts'
import { effects } from './invariants/effects.ts'
import { evidenceOf } from './read/evidence.ts'
import { LogBuilder, playPurchase } from './testing/build-log.ts'
import { judge, mergeEngine, mergeVerdicts } from './verdict.ts'

const result = (changes: Partial<InvariantResult>): InvariantResult => ({ name: 'effects', verdict: 'pass', exposures: 20, named: true, why: '', findings: [], violations: 0, measures: {}, ...changes })

it('the heaviest verdict wins', () => {
  expect(mergeVerdicts(['pass', 'unknown', 'fail'])).toBe('fail')
  expect(mergeVerdicts(['pass', 'unknown'])).toBe('unknown')
  expect(mergeVerdicts([])).toBe('pass')
})

describe('an engine\'s points together', () => {
  it('pass with enough exposures, and say how rare a failure can be', () => {
    expect(mergeEngine([{ invariants: [result({})] }, { invariants: [result({})] }], 30)).toMatchObject([{ verdict: 'pass', exposures: 40, why: '0 failures in 40: ≤ 3/40' }])
  })

  it('are unknown with too few of an invariant that the plan names', () => {
    expect(mergeEngine([{ invariants: [result({})] }], 30)).toMatchObject([{ verdict: 'unknown', why: '20 exposures, fewer than 30' }])
    expect(mergeEngine([{ invariants: [result({ named: false })] }], 30)).toMatchObject([{ verdict: 'pass' }])
  })

  it('fail when one of them does, however few the exposures', () => {
    expect(mergeEngine([{ invariants: [result({})] }, { invariants: [result({ verdict: 'fail', exposures: 1, violations: 2, why: 'twice' })] }], 30)).toMatchObject([{ verdict: 'fail', violations: 2, why: 'twice' }])
  })
})

it('a check that throws decides nothing', () => {
  const evidence = evidenceOf(new LogBuilder().build(), scenarios)
  expect(judge({ ...effects, check: () => { throw new Error('lost in thought') } }, evidence, [])).toMatchObject({ verdict: 'unknown', why: expect.stringContaining('lost in thought') as string })
})

describe('known findings', () => {
  const violated = () => {
    const log = new LogBuilder()
    for (let index = 0; index < 30; index++) {
      playPurchase(log, index, { finisher: 'worker1-2', charge: (log, id, prev, cents) => {
        log.step(id, 2, 'charge', prev, 'worker0-1', cents)
        return log.replied(log.attempt(id, 2, 'charge', prev, 'worker1-2'))
      } })
    }
    log.after(500).kill('kill-1', 0, 'worker0-1', 'worker0-3')
    return evidenceOf(log.build(), scenarios)
  }
  const known: KnownFinding = {
    id: 'built-1', driver: 'built', versions: { built: '1.0.0' }, invariant: 'effects', fault: 'kill worker', summary: 'a step was attempted again', reproduce: '', page: '', says: 'otherwise',
  }
  const ids = (entry: KnownFinding) => new Set(judge(effects, violated(), [entry]).findings.map((finding) => finding.known))

  it('mark what they match, which still fails', () => {
    expect(judge(effects, violated(), [known])).toMatchObject({ verdict: 'fail', violations: 30, measures: { knownViolations: 30 } })
    expect(ids(known)).toEqual(new Set(['built-1']))
  })

  it('say where the makers\' page tells of it', () => {
    const documented = (says: KnownFinding['says']) => judge(effects, violated(), [{ ...known, says }]).findings[0]?.documented
    expect([documented('so'), documented('otherwise'), documented('nothing')]).toEqual([true, undefined, undefined])
  })

  it('that need no fault match beside any', () => expect(ids({ ...known, fault: 'none' })).toEqual(new Set(['built-1'])))

  it.each<[string, Partial<KnownFinding>]>([
    ['driver', { driver: 'other' }], ['version', { versions: { built: '1.0.1' } }], ['invariant', { invariant: 'claimed' }], ['fault', { fault: 'pause worker' }], ['summary', { summary: 'a bare step' }],
  ])('match nothing with another %s', (_, change) => expect(ids({ ...known, ...change })).toEqual(new Set([undefined])))
})
