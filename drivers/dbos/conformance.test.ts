import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGuard } from '../../processes/guard.ts'
import { startPostgres } from '../../services/postgres/server.ts'
import { absent, conformance, Lab, skipped } from '../conformance.ts'
import { driver } from './driver.ts'

describe('dbos', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'durabench-dbos-'))
  const guard = await startGuard()
  const postgres = await startPostgres({ folder, guard })
  const lab = new Lab(driver, { postgresUrl: postgres.url })
  beforeAll(() => lab.open())
  afterAll(async () => {
    await lab[Symbol.asyncDispose]()
    await postgres[Symbol.asyncDispose]()
    await guard[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  it('lacks transactions, uncancellable sections and renewal alone', () => {
    expect(absent(driver)).toEqual(['transact', 'uncancellable', 'renew'])
  })

  for (const { name, run } of conformance(driver, lab)) it(name, run)
  for (const { name, needs } of skipped(driver, lab)) it.skip(`${name} (lacks ${needs})`)
})
