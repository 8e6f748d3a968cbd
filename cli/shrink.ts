// durabench shrink: which faults of a failed round of chaos are enough for its violation, and the line that plays just those.
import { exitCodes } from '../bench/exit.ts'
import { createRunFolder } from '../bench/folder.ts'
import { chaosPlan } from '../bench/plans/chaos.ts'
import { shrinkRound } from '../bench/shrink/round.ts'
import { UsageError } from '../bench/usage.ts'
import type { PlannedFault } from '../contract/plan.ts'
import { loadDriver } from '../drivers/index.ts'
import { startGuard } from '../processes/guard.ts'
import { readChaosFlags } from './chaos-flags.ts'
import { interruptions } from './interruption.ts'
import { missingEngine } from './session.ts'

export async function shrink(argv: readonly string[]): Promise<number> {
  const { flags, options, tries, command } = readChaosFlags(argv, ['round', 'only', 'mixes', 'tries'])
  if (options.round === undefined) throw new UsageError('expected --round N, the one that failed; chaos prints a line with it')
  if (flags.drivers.length !== 1) throw new UsageError(`expected --drivers to name one, found ${flags.drivers.join(', ')}`)
  const missing = await missingEngine(flags.services)
  if (missing.length > 0) {
    for (const why of missing) console.error(`durabench: ${why}`)
    return exitCodes.invalid
  }
  const [point] = chaosPlan(options).points
  const interrupted = interruptions()
  await using guard = await startGuard()
  const folder = createRunFolder(flags.out, `shrink-${point!.id.replaceAll('/', '-')}-${process.pid}`)
  console.log(`${point!.id}: ${point!.scenario}, ${point!.workers} workers, ${point!.chaos.faults.length} faults; each schedule up to ${tries} times`)
  const shrunk = await shrinkRound({
    seed: flags.seed, point: point!, driver: await loadDriver(flags.drivers[0]!), tries, folder, guard, addresses: flags.addresses, provider: flags.services, interrupted,
    tell: (line) => console.log(`  ${line}`),
  })
  if (interrupted.aborted && shrunk === null) return exitCodes.interrupted
  if (shrunk === null) {
    console.log(`no invariant was violated in ${tries} tries of the whole round; more --tries may find it`)
    return exitCodes.ok
  }
  const { faults, plays, minimal, violated } = shrunk
  console.log(`${faults.length} faults are enough for ${violated.join(', ')}${minimal ? '' : ', fewer may be'} (${plays} plays); logs: ${folder}`)
  for (const fault of faults) console.log(`  ${told(fault)}`)
  console.log(`again: ${command}${flags.services === 'embedded' ? '' : ` --services ${flags.services}`} --round ${options.round} --only ${faults.length === 0 ? 'none' : faults.map(({ id }) => id).join(',')}`)
  return interrupted.aborted ? exitCodes.interrupted : exitCodes.violation
}

function told({ id, role, slot, trigger, heal }: PlannedFault): string {
  const at = trigger.at === 'time' ? ` at ${(trigger.afterMs / 1e3).toFixed(1)} s` : ''
  return `${id}: ${role} ${slot}${at}, healed after ${(heal.afterMs / 1e3).toFixed(1)} s`
}
