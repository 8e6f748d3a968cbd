// One row from end to end, as small as it can be: stores, a baseline in a process of its own, the harness and the oracle, in one
// pair. Its ratio is not looked at, since a test runs beside others.
import { afterAll, describe, expect, it } from 'vitest'
import { measureRow } from './measure.ts'
import { Place } from './place.ts'
import { rowLines } from './print.ts'
import { chooseRows } from './rows/index.ts'

const place = await Place.open({ pairs: 1, seconds: 0.5, warmupSeconds: 0.3, seed: 1, sweeps: 'none' }, () => undefined)
afterAll(() => place[Symbol.asyncDispose]())

describe('a row of bench:engine', () => {
  it('measures both sides in pairs and shows absolute figures beside the ratio', { timeout: 180_000 }, async () => {
    const [row] = chooseRows(['peers/inserts'])
    const result = await measureRow(row!, place)
    expect(result.why).toBe('')
    expect(result).toMatchObject({ state: 'measured', verdict: 'shown', comparison: { pairs: 1 } })
    expect(result.figures.map(({ values }) => values.length)).toEqual([1, 1])
    expect(result.figures.flatMap(({ values }) => values).every((value) => value > 0)).toBe(true)
    expect(rowLines(result)[0]).toMatch(/^peers\/inserts: \d.* shown, not judged$/)
  })

  it('says that it failed, and why, without ending the others', async () => {
    const broken = { name: 'broken', about: 'a row that fails', target: { atLeast: 1 }, prepare: () => Promise.reject(new Error('no store')) }
    expect(rowLines(await measureRow(broken, place))[0]).toBe('broken: BROKEN: no store')
  })

  it('is chosen by its name, or with its group, and nothing else is', () => {
    expect(chooseRows(['dbos']).map(({ name }) => name)).toEqual(['dbos/two-workers', 'dbos/one-worker', 'dbos/one-at-a-time'])
    expect(chooseRows(['take-over']).map(({ name }) => name)).toEqual(['take-over'])
    expect(() => chooseRows(['speed'])).toThrow(/expected --only to name rows \(dbos\/two-workers, .*found 'speed'/)
  })
})
