import { describe, expect, it } from 'vitest'
import { scenarios } from '../scenarios/index.ts'
import { checkEvidence, type PointCheck } from './check.ts'
import type { Logs } from './logs.ts'
import { evidenceOf } from './read/evidence.ts'

import { legalBare, legalPurchases } from './testing/legal.ts'

const check = (logs: Logs): PointCheck => checkEvidence(evidenceOf(logs, scenarios), [])
const faulty = ({ invariants }: PointCheck) => invariants.filter(({ verdict }) => verdict !== 'pass').map(({ name, verdict, why, findings }) => ({ name, verdict, why, findings }))

describe('legal logs pass', () => {
  it('of purchases, with signals early, during and never, a kill with a caused duplicate, and a zombie', () => {
    const checked = check(legalPurchases())
    expect(faulty(checked)).toEqual([])
    expect(checked.verdict).toBe('pass')
  })

  it('of bare steps, with a kill and a caused duplicate', () => {
    const checked = check(legalBare())
    expect(faulty(checked)).toEqual([])
    expect(checked.verdict).toBe('pass')
  })
})
