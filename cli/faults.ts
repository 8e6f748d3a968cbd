// durabench faults: what crashes don't show, each fault with points of its own and, where it has them, controls that must fail.
import { agents } from '../bench/plans/crash.ts'
import { faultPlans, faultsPlan } from '../bench/plans/faults.ts'
import { crashSummary } from '../reports/terminal.ts'
import { commandLine } from './command-line.ts'
import { known, parse, runFlags, runFlagsOf } from './options.ts'
import { play } from './session.ts'

export async function faults(argv: readonly string[]): Promise<number> {
  const { values } = parse(argv, { ...runFlags, only: { type: 'string' }, 'require-faults': { type: 'string' } }, false)
  const flags = runFlagsOf(values, { drivers: ['homegrown'], scenarios: ['purchase'], playable: agents })
  const names = Object.keys(faultPlans)
  const only = known('only', values.only, names, names)
  const requiredFaults = known('require-faults', values['require-faults'], [], names)
  const command = `${commandLine('faults', flags)} --only ${only.join(',')}`
  return play(faultsPlan(flags, only), { ...flags, requiredFaults }, command, crashSummary)
}
