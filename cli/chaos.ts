// durabench chaos: rounds of load under seeded random faults, until enough of them were proved or the time is up.
import { chaosPlan } from '../bench/plans/chaos.ts'
import { chaosSummary } from '../reports/terminal.ts'
import { readChaosFlags } from './chaos-flags.ts'
import { play } from './session.ts'

export async function chaos(argv: readonly string[]): Promise<number> {
  const { flags, options, command } = readChaosFlags(argv, ['minutes', 'faults', 'round', 'only', 'mixes'])
  const { round, only, minutes, provedFaults } = options
  const extent = round === undefined ? ` --minutes ${minutes} --faults ${provedFaults}` : ` --round ${round}${only === undefined ? '' : ` --only ${only.join(',')}`}`
  return play(chaosPlan(options), flags, command + extent, chaosSummary)
}
