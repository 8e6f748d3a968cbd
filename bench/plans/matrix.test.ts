import { describe, expect, test } from 'vitest'
import { isShot } from '../measure/shots.ts'
import { scenarios } from '../../scenarios/index.ts'
import { isOn, pathOf, siteFilter, sitesOf } from './matrix-sites.ts'
import { matrixPlan, shotsPerCell, type MatrixOptions } from './matrix.ts'

const options: MatrixOptions = {
  seed: 7, drivers: ['homegrown', 'temporal'], scenarios: ['purchase'], seconds: 5, workers: 1, minExposures: 30,
  victims: ['worker'], loads: ['quiescent', 'loaded'], crashes: 1, wanted: () => true,
}

describe('a plan of the crash-point matrix', () => {
  test('is the same for a seed', () => {
    expect(matrixPlan(options)).toEqual(matrixPlan(options))
  })

  test('aims at each step and point so often that one miss is seen, quiescent and loaded, for each engine', () => {
    const sites = sitesOf(scenarios.get('purchase')!, 7, null)
    // Five steps at four points, a wait, the end.
    expect(sites).toHaveLength(5 * 4 + 1 + 1)
    const { points } = matrixPlan(options)
    for (const driver of options.drivers) {
      for (const load of options.loads) {
        const shots = points.filter((point) => point.driver === driver && point.matrix?.load === load).flatMap(({ chaos }) => chaos.faults.filter(isShot))
        for (const { seq, point } of sites) expect(shots.filter(({ trigger }) => trigger.seq === seq && trigger.point === point)).toHaveLength(shotsPerCell)
        expect(shots).toHaveLength(sites.length * shotsPerCell)
      }
    }
  })

  test('gives each crash a batch of its own, in which the run is alone, or one of several', () => {
    for (const { chaos, load, matrix } of matrixPlan(options).points) {
      const phase = load.phases[0]!
      if (phase.kind !== 'batches') throw new Error('expected batches')
      expect(new Set(chaos.faults.map(({ trigger }) => trigger.batch)).size).toBe(chaos.faults.length)
      for (const size of phase.sizes) expect(size > 1).toBe(matrix!.load === 'loaded')
    }
  })

  test('binds a crash to a run whose input takes it there', () => {
    const saga = scenarios.get('saga')!
    const { points } = matrixPlan({ ...options, scenarios: ['saga'], drivers: ['homegrown'], loads: ['quiescent'] })
    const steps = new Set<string>()
    for (const { chaos } of points) {
      for (const { trigger: { batch, seq, point } } of chaos.faults.filter(isShot)) {
        const path = pathOf(saga, 7, batch, null)
        expect(seq).toBeLessThanOrEqual(path.length)
        if (point === 'after-effect') steps.add(`${seq} ${path[seq - 1]}`)
      }
    }
    expect([...steps].sort()).toEqual(['1 book-flight', '2 book-hotel', '3 pay', '4 cancel-hotel', '4 confirm', '5 cancel-flight', '6 apologise'])
  })

  test('crashes a second time when recovery has begun the body anew', () => {
    const { points } = matrixPlan({ ...options, crashes: 2, drivers: ['homegrown'], loads: ['quiescent'] })
    const faults = points.flatMap(({ chaos }) => chaos.faults)
    const again = faults.filter((fault) => !isShot(fault))
    expect(again).toHaveLength(faults.length / 2)
    for (const { id, trigger } of again) expect(trigger).toMatchObject({ seq: 1, point: 'op-begins', after: id.replace(/-again$/, '') })
  })

  test('leaves out an engine server where there is none', () => {
    expect(new Set(matrixPlan({ ...options, victims: ['engine-server'] }).points.map(({ driver }) => driver))).toEqual(new Set(['temporal']))
  })
})

describe('cells are chosen', () => {
  const site = { seq: 2, step: 'charge', point: 'after-effect' } as const

  test.each(['charge', '2', '/after-effect', 'charge/after-effect', 'plan,2/after-effect'])('by %s', (text) => {
    expect(siteFilter(text)!(site)).toBe(true)
  })

  test.each(['plan', '3', '/op-begins', 'charge/op-begins'])('and not by %s', (text) => {
    expect(siteFilter(text)!(site)).toBe(false)
  })

  test.each(['', 'charge/nowhere', 'a/b/c', ','])('%j is no choice', (text) => {
    expect(siteFilter(text)).toBeNull()
  })
})

test('a run comes to a step that its path has, and to its own end alone', () => {
  expect(isOn(['a', null], { seq: 1, step: 'a', point: 'op-begins' })).toBe(true)
  expect(isOn(['a', null], { seq: 1, step: 'b', point: 'op-begins' })).toBe(false)
  expect(isOn(['a', null], { seq: 3, step: null, point: 'op-begins' })).toBe(false)
  expect(isOn(['a', null], { seq: 2, step: null, point: 'body-returns' })).toBe(true)
  expect(isOn(['a'], { seq: 2, step: null, point: 'body-returns' })).toBe(false)
})
