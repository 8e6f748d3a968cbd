// The drivers that ship, by name, and drivers of one's own, by path. Loaded only when asked for, since an engine's SDK takes
// up to a second to import.
import { pathToFileURL } from 'node:url'
import { resolve } from 'node:path'
import type { Driver } from '../contract/driver.ts'

type DriverModule = { readonly driver?: Driver }

const shipped: Readonly<Record<string, () => Promise<DriverModule>>> = {
  volatile: () => import('./volatile/driver.ts'),
  homegrown: () => import('./homegrown/driver.ts'),
  dbos: () => import('./dbos/driver.ts'),
  temporal: () => import('./temporal/driver.ts'),
}

/** Names of the drivers that ship. */
export const driverNames: readonly string[] = Object.keys(shipped)

/**
 * Loads a driver: by name, or from a module of the user's own that exports `driver`.
 * @throws with the known names when there is no such driver
 */
export async function loadDriver(name: string): Promise<Driver> {
  const load = shipped[name] ?? (looksLikePath(name) ? () => import(pathToFileURL(resolve(name)).href) as Promise<DriverModule> : undefined)
  if (load === undefined) throw new Error(`no driver '${name}'; known: ${driverNames.join(', ')}, or a path to a module that exports 'driver'`)
  const { driver } = await load()
  if (driver === undefined) throw new Error(`expected ${name} to export 'driver' (contract/driver.ts), found no such export`)
  return driver
}

function looksLikePath(name: string): boolean {
  return /\.[jt]s$/.test(name) || name.startsWith('.') || name.startsWith('/')
}
