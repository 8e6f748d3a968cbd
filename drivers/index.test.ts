import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { driverNames, loadDriver } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'durabench-drivers-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('drivers by name', () => {
  it.each(driverNames)('%s is loaded under its own name, with a default variant', async (name) => {
    const driver = await loadDriver(name)
    expect(driver.name).toBe(name)
    expect(driver.variants).toHaveProperty('default')
    expect(Object.values(driver.versions()).every((version) => /\d/.test(version))).toBe(true)
  })

  it('takes a module of one\'s own by path', async () => {
    const file = join(folder, 'mine.js')
    writeFileSync(file, 'export const driver = { name: "mine" }')
    expect((await loadDriver(file)).name).toBe('mine')
  })

  it('says which names it knows', async () => {
    await expect(loadDriver('temporall')).rejects.toThrow(/no driver 'temporall'; known: volatile, homegrown, dbos, temporal/)
  })

  it('says what a module lacks', async () => {
    const file = join(folder, 'empty.js')
    writeFileSync(file, 'export const other = 1')
    await expect(loadDriver(file)).rejects.toThrow(/expected .*empty\.js to export 'driver'/)
  })

  it('says that a file does not exist', async () => {
    await expect(loadDriver('./no-such-driver.ts')).rejects.toThrow(/no-such-driver\.ts/)
  })
})
