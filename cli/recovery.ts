// durabench recovery: how long runs stand still when their workers die, by what is left to go on with. Judged by verdicts, never by times.
import { recoveryPlan, type Profile } from '../bench/plans/recovery.ts'
import { budget } from '../bench/budget.ts'
import { UsageError } from '../bench/usage.ts'
import { loadDriver } from '../drivers/index.ts'
import { recoverySummary } from '../reports/terminal.ts'
import { lookTimeoutsMs } from '../scenarios/patrol/steps.ts'
import { parse, runFlags, runFlagsOf } from './options.ts'
import { play } from './session.ts'

export async function recovery(argv: readonly string[]): Promise<number> {
  // The plan decides who runs, for how long, on how many workers.
  const { scenarios: _scenarios, seconds: _seconds, workers: _workers, ...own } = runFlags
  const { values } = parse(argv, { ...own, leases: { type: 'string' } }, false)
  const flags = runFlagsOf(values, { drivers: ['homegrown', 'dbos', 'temporal'], scenarios: ['patrol'] })
  const leasesMs = leases(values.leases ?? [budget.leaseMs, ...lookTimeoutsMs.filter((ms) => ms !== budget.leaseMs)].join(','))
  const profiles = (await Promise.all(flags.drivers.map(profilesOf))).flat()
  const command = `npx durabench recovery --seed ${flags.seed} --drivers ${flags.drivers.join(',')} --leases ${leasesMs.join(',')}`
  return play(recoveryPlan({ seed: flags.seed, minExposures: flags.minExposures, profiles, leasesMs }), flags, command, recoverySummary)
}

/** As its makers ship it, and tuned where the driver says how. */
async function profilesOf(name: string): Promise<Profile[]> {
  const { variants, promises: { recovery: { value: { who, afterMs } } } } = await loadDriver(name)
  const stock: Profile = { driver: name, variant: 'default', recovers: who, ownTimeoutMs: afterMs }
  return 'tuned' in variants ? [stock, { ...stock, variant: 'tuned', ownTimeoutMs: 1_000 }] : [stock]
}

function leases(text: string): number[] {
  const found = text.split(',').map(Number)
  if (!found.every((ms) => (lookTimeoutsMs as readonly number[]).includes(ms))) throw new UsageError(`expected --leases to name some of ${lookTimeoutsMs.join(', ')} (milliseconds; the first is that of all cells), found '${text}'`)
  return [...new Set(found)]
}
