// The conformance suite as cases: what the contract asks of every driver, on one laboratory that they share.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Driver } from '../contract/driver.ts'
import { absent, conformance, Lab, skipped, type LabOptions } from '../drivers/conformance.ts'
import { startServices, type Controlled } from '../services/index.ts'
import type { Case, SuiteSettings } from './case.ts'
import type { Stand } from './stand.ts'

export function conformanceCases(driver: Driver, { lacks }: SuiteSettings, ownStore: boolean): Case[] {
  // Cases are listed before the store exists, so its restart is named now and found later.
  let store: Controlled | null = null
  const options: LabOptions = ownStore ? { restartStore: () => restart(store!) } : {}
  const lab = new Lab(driver, options)
  let opened: Promise<void> | null = null

  async function open(stand: Stand): Promise<void> {
    const running = stand.use(await startServices({ needs: driver.needs, folder: join(stand.folder, 'services'), guard: stand.guard, prefix: `durabench_${process.pid}`, addresses: stand.addresses, onProgress: () => undefined }))
    if (running.postgresUrl !== null) options.postgresUrl = running.postgresUrl
    if (running.temporalAddress !== null) options.temporalAddress = running.temporalAddress
    store = running.store
    stand.use(lab)
    await lab.open()
  }

  return [
    { name: lacks.length === 0 ? 'lacks nothing' : `lacks ${lacks.join(', ')} and nothing else`, skip: '', play: async () => assert.deepEqual(absent(driver).toSorted(), lacks.toSorted(), 'a capability that was lost, or gained, since the test was written; say which are meant in `lacks`') },
    ...conformance(driver, lab).map((one): Case => ({ name: one.name, skip: '', play: async (stand) => {
      await (opened ??= open(stand))
      await one.run().catch((error: unknown) => {
        throw new Error(`${error instanceof Error ? error.message : String(error)}\nagain: ${stand.again(one.name)}`, { cause: error })
      })
    } })),
    ...skipped(driver, lab).map(({ name, needs }): Case => ({ name, skip: `${driver.name} has no ${needs}`, play: () => Promise.reject(new Error(`${driver.name} has no ${needs}`)) })),
  ]
}

async function restart(store: Controlled): Promise<void> {
  await store.kill()
  await store.start()
}
