// The suite as vitest tests, on services of its own. The one place under drivers/ that may import services: it is test code.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Capability, Driver } from '../../../contract/driver.ts'
import { startGuard } from '../../../processes/guard.ts'
import { availability, startServices, type Controlled } from '../../../services/index.ts'
import { absent, conformance, Lab, skipped, type LabOptions } from '../../conformance.ts'

// A first build of Temporal's server takes some eight minutes.
const servicesMs = 900_000
/** A case waits for kills, leases and time-outs; a runner's own limit may be five seconds. */
const caseMs = 120_000

/** Pins what the driver lacks, runs every case that it can run, and shows the others as skipped. */
export async function conforms(driver: Driver, lacks: readonly Capability[], variant = 'default'): Promise<void> {
  if (Number.parseInt(process.versions.node) < 24) throw new Error(`expected Node 24 or newer, found ${process.versions.node}; the package 'node' brings it: npm install --save-dev node@24`)
  const found = await Promise.all(driver.needs.map((need) => availability(need, {})))
  const missing = found.find((one) => !one.ok)
  if (missing !== undefined && !missing.ok) {
    describe.skip(`${driver.name} (${missing.why}; ${missing.how})`, () => it('conforms', () => undefined))
    return
  }

  describe(`${driver.name}, variant ${variant}`, () => {
    const stack = new AsyncDisposableStack()
    // The cases are listed before the store exists, so its restart is named now and found later.
    let store: Controlled | null = null
    const options: LabOptions = { variant, ...(driver.needs.length > 0 ? { restartStore: () => restart(store!) } : {}) }
    const lab = new Lab(driver, options)

    beforeAll(async () => {
      const folder = stack.adopt(mkdtempSync(join(tmpdir(), 'durabench-services-')), (path) => rmSync(path, { recursive: true, force: true }))
      const guard = stack.use(await startGuard())
      const running = stack.use(await startServices({ needs: driver.needs, folder, guard, prefix: 'conformance', addresses: {}, onProgress: () => undefined }))
      if (running.postgresUrl !== null) options.postgresUrl = running.postgresUrl
      if (running.temporalAddress !== null) options.temporalAddress = running.temporalAddress
      store = running.store
      stack.use(lab)
      await lab.open()
    }, servicesMs)
    afterAll(() => stack.disposeAsync())

    it(`lacks ${lacks.join(', ')} and nothing else`, () => expect(absent(driver).toSorted()).toEqual(lacks.toSorted()))
    for (const one of conformance(driver, lab)) it(one.name, () => one.run(), caseMs)
    for (const { name, needs } of skipped(driver, lab)) it.skip(`${name} (lacks ${needs})`)
  })
}

async function restart(store: Controlled): Promise<void> {
  await store.kill()
  await store.start()
}
