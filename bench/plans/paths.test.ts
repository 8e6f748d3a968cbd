import { describe, expect, test } from 'vitest'
import { scenarios } from '../../scenarios/index.ts'
import { crashPlan } from './crash.ts'
import { offsetOnto, pathsOf } from './paths.ts'

const scenario = (name: string) => scenarios.get(name)!
const [saga, purchase, children] = [scenario('saga'), scenario('purchase'), scenario('children')]
const planned = (name: string) => crashPlan({ seed: 7, drivers: ['homegrown'], scenarios: [name], seconds: 5, workers: 2, minExposures: 30 }).points[0]!

describe('paths', () => {
  test('are all that the first runs take, each once, the usual one first', () => {
    expect(pathsOf(purchase, 1)).toEqual([purchase.path])
    expect(pathsOf(saga, 1)).toEqual([saga.path, ['book-flight', 'book-hotel', 'pay', 'confirm']])
  })

  test('are found in the next run that takes them and that nobody cancels', () => {
    for (const path of pathsOf(saga, 3)) {
      const index = 10 + offsetOnto(saga, 3, path, 10)
      expect(saga.pathOf!(saga.input(3, index, null))).toEqual(path)
    }
    for (let first = 0; first < 10; first++) expect(children.cancels!(3, first + offsetOnto(children, 3, children.path, first))).toBeNull()
    expect(() => offsetOnto(saga, 3, ['never'], 0)).toThrow(/found none among/)
  })
})

describe('a crash plan', () => {
  test('strikes each step of each path once, in a run that takes it, within its batch', () => {
    const { chaos, load: { phases: [phase] } } = planned('saga')
    const sizes = phase?.kind === 'batches' ? phase.sizes : []
    const struck = chaos.faults.flatMap(({ trigger }) => {
      if (trigger.at !== 'failpoint') return []
      const { batch, index, seq, point } = trigger
      expect(index).toBeLessThan(sizes[batch]!)
      const first = sizes.slice(0, batch).reduce((sum, size) => sum + size, 0)
      const path = saga.pathOf!(saga.input(7, first + index, null))
      return point === 'op-begins' || point === 'body-returns' ? [] : [`${path[seq - 1]} ${point}`]
    })
    const steps = ['book-flight', 'book-hotel', 'pay', 'confirm', 'cancel-hotel', 'cancel-flight', 'apologise']
    expect(struck.sort()).toEqual(steps.flatMap((step) => ['before-effect', 'after-effect', 'after-return'].map((point) => `${step} ${point}`)).sort())
  })

  test('does not wait for the body of an open-ended run to return', () => {
    const points = (name: string) => planned(name).chaos.faults.map(({ trigger }) => (trigger.at === 'failpoint' ? trigger.point : null))
    expect(points('saga')).toContain('body-returns')
    expect(points('tool-loop')).not.toContain('body-returns')
  })
})
