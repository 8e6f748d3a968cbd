// durabench bench: the default plan.
import { benchPlan } from '../bench/plans/bench.ts'
import { commandLine } from './command-line.ts'
import { readRunFlags } from './options.ts'
import { play } from './session.ts'

export async function bench(argv: readonly string[]): Promise<number> {
  const flags = readRunFlags(argv, { drivers: ['homegrown', 'dbos', 'temporal', 'volatile'], scenarios: ['bare-steps', 'purchase'] })
  return play(benchPlan(flags), flags, commandLine('bench', flags))
}
