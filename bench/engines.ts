// The engines of a plan: their drivers loaded, and what each of them is or lacks on this machine.
import type { Driver, ServiceNeed } from '../contract/driver.ts'
import type { Plan } from '../contract/plan.ts'
import type { DriverResult } from '../contract/result.ts'
import { driverNames, loadDriver } from '../drivers/index.ts'
import type { Availability } from '../services/go/toolchain.ts'
import { availability, type Addresses } from '../services/index.ts'
import { UsageError } from './usage.ts'

export interface Engine {
  readonly driver: Driver
  readonly result: DriverResult
}

/** By the plan's names of them. */
export async function loadEngines(plan: Plan, addresses: Addresses): Promise<ReadonlyMap<string, Engine>> {
  const has = (need: ServiceNeed): Promise<Availability> => availability(need, addresses, plan.services)
  const names = [...new Set(plan.points.map((point) => point.driver))]
  return new Map(await Promise.all(names.map(async (name) => [name, await describe(name, has)] as const)))
}

async function describe(name: string, has: (need: ServiceNeed) => Promise<Availability>): Promise<Engine> {
  const driver = driverNames.includes(name) ? await loadDriver(name) : await loadOwn(name)
  const { title, placement, settings, capabilities, promises } = driver
  const missing: string[] = []
  const caveats: string[] = []
  for (const need of driver.needs) {
    const found = await has(need)
    if (!found.ok) missing.push(`${found.why}; ${found.how}`)
    else if (found.caveat !== undefined) caveats.push(found.caveat)
  }
  const caveat = caveats.length === 0 ? {} : { caveat: caveats.join(', ') }
  const approximate = driver.approximate === undefined ? {} : { approximate: driver.approximate }
  return { driver, result: { name, title, versions: driver.versions(), placement, settings, capabilities, promises, ...caveat, ...approximate, skipped: missing.join('; ') } }
}

/** A driver of the user's own: whatever keeps it from loading is theirs to mend. */
export async function loadOwn(path: string): Promise<Driver> {
  let driver: Driver
  try {
    driver = await loadDriver(path)
  } catch (error) {
    throw new UsageError(`expected ${path} to load and to export 'driver' (docs/add-an-engine.md), found: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
  const lacks = (['title', 'needs', 'placement', 'capabilities', 'promises', 'variants', 'settings', 'versions', 'deploy'] as const).filter((name) => driver[name] === undefined)
  if (lacks.length > 0) throw new UsageError(`expected the driver of ${path} to be whole (contract/driver.ts), found no ${lacks.join(', ')}`)
  return driver
}
