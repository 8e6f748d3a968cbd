// A side at its best: each setting is measured once, briefly, and the fastest is the one that pairs are measured with.
// Trade-off: one look each may pick the second best of two that are close; their figures are then close as well.
import type { Place } from './place.ts'

/** @returns the setting with the highest value; one that can't be measured is out. @throws when none can be */
export async function best<T>(place: Place, what: string, settings: readonly T[], describe: (setting: T) => string, measure: (setting: T) => Promise<number>): Promise<T> {
  if (place.timing.sweeps === 'none' && settings.length > 0) return settings[0]!
  let found: { setting: T; value: number } | undefined
  let failure: unknown
  for (const setting of settings) {
    try {
      const value = await measure(setting)
      place.tell(`  sweep of ${what}: ${describe(setting)}: ${Math.round(value)}/s`)
      if (found === undefined || value > found.value) found = { setting, value }
    } catch (error) {
      failure = error
      place.tell(`  sweep of ${what}: ${describe(setting)}: none: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  if (found === undefined) throw new Error(`expected a setting of ${what} that works, found none`, { cause: failure })
  return found.setting
}
