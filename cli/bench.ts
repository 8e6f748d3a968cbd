// durabench bench: the default plan.
import { benchPlan } from '../bench/plans/bench.ts'
import { commandLine } from './command-line.ts'
import { readRunFlags } from './options.ts'
import { play } from './session.ts'

/** Fewer exposures than this decide nothing. */
export const minExposures = 30

export async function bench(argv: readonly string[]): Promise<number> {
  const flags = readRunFlags(argv, { drivers: ['homegrown', 'dbos', 'temporal', 'volatile'], scenarios: ['bare-steps', 'purchase'] })
  return play(benchPlan({ ...flags, minExposures }), flags, commandLine('bench', flags))
}
