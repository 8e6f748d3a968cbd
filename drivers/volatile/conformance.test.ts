import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { absent, conformance, Lab, skipped } from '../conformance.ts'
import { driver } from './driver.ts'

describe('volatile', () => {
  const lab = new Lab(driver, {})
  beforeAll(() => lab.open())
  afterAll(() => lab[Symbol.asyncDispose]())

  it('lacks what needs a store', () => {
    expect(absent(driver)).toEqual(['transact', 'uncancellable', 'renew', 'journal', 'takeover'])
  })

  for (const { name, run } of conformance(driver, lab)) it(name, run)
  for (const { name, needs } of skipped(driver, lab)) it.skip(`${name} (lacks ${needs})`)
})
