// A baseline at its best: each setting is measured once, briefly, and the fastest is the one that pairs are measured against.
// Trade-off: one look each may pick the second best of two that are close; their figures are then close as well.
import type { Place } from './place.ts'

/** @returns the setting with the highest value */
export async function best<T>(place: Place, what: string, settings: readonly T[], describe: (setting: T) => string, measure: (setting: T) => Promise<number>): Promise<T> {
  let found: { setting: T; value: number } | undefined
  for (const setting of settings) {
    const value = await measure(setting)
    place.tell(`  sweep of ${what}: ${describe(setting)}: ${Math.round(value)}/s`)
    if (found === undefined || value > found.value) found = { setting, value }
  }
  if (found === undefined) throw new Error(`expected settings of ${what} to sweep, found none`)
  return found.setting
}
