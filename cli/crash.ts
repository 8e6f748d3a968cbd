// durabench crash: an agent killed at every step and point, by the clock, paused, terminated; the store and server restarted.
import { agents, crashPlan } from '../bench/plans/crash.ts'
import { crashSummary } from '../reports/terminal.ts'
import { commandLine } from './command-line.ts'
import { readRunFlags } from './options.ts'
import { play } from './session.ts'

export async function crash(argv: readonly string[]): Promise<number> {
  const flags = readRunFlags(argv, { drivers: ['homegrown', 'dbos', 'temporal'], scenarios: ['purchase'], playable: agents })
  return play(crashPlan(flags), flags, commandLine('crash', flags), crashSummary)
}
