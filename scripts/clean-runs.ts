// Many runs without faults for each engine: no invariant may object, none may stay unknown.
//   node scripts/clean-runs.ts --runs 34 [--drivers homegrown,dbos,temporal] [--seed 1] [--out DIR]
import { cleanPlan } from '../bench/plans/clean.ts'
import { parse, readRunFlags, runFlags } from '../cli/options.ts'
import { play } from '../cli/session.ts'

const argv = process.argv.slice(2)
const { values } = parse(argv, { ...runFlags, runs: { type: 'string' } }, false)
const runs = Number(values.runs ?? 34)
const at = argv.indexOf('--runs')
const flags = readRunFlags(at < 0 ? argv : argv.toSpliced(at, 2), { drivers: ['homegrown', 'dbos', 'temporal'], scenarios: ['purchase'] })
process.exit(await play(cleanPlan({ ...flags, minExposures: 30 }, runs), flags, `node scripts/clean-runs.ts --runs ${runs} --seed ${flags.seed}`))
