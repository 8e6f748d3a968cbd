// durabench clean: many runs without faults for each engine. No invariant may object, none may stay unknown.
import { cleanPlan } from '../bench/plans/clean.ts'
import { agents } from '../bench/plans/crash.ts'
import { commandLine } from './command-line.ts'
import { parse, runFlags, runFlagsOf, whole } from './options.ts'
import { play } from './session.ts'

export async function clean(argv: readonly string[]): Promise<number> {
  const { values } = parse(argv, { ...runFlags, runs: { type: 'string' } }, false)
  const runs = whole('runs', values.runs, 34, 1, 10_000)
  const flags = runFlagsOf(values, { drivers: ['homegrown', 'dbos', 'temporal'], scenarios: ['purchase'], playable: agents })
  return play(cleanPlan(flags, runs), flags, `${commandLine('clean', flags)} --runs ${runs}`)
}
