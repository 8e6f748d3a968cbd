// durabench chaos: rounds of load under seeded random faults, until enough of them were proved or the time is up.
import { chaosPlan } from '../bench/plans/chaos.ts'
import { UsageError } from '../bench/usage.ts'
import { chaosSummary } from '../reports/terminal.ts'
import { scenarios } from '../scenarios/index.ts'
import { minExposures } from './bench.ts'
import { parse, runFlags, runFlagsOf, whole } from './options.ts'
import { play } from './session.ts'

/** What a scenario's author did not mean to be played without parameters. */
const needsParameters = 'script'

export async function chaos(argv: readonly string[]): Promise<number> {
  const { values } = parse(argv, { ...runFlags, minutes: { type: 'string' }, faults: { type: 'string' }, round: { type: 'string' } }, false)
  if (values.postgres !== undefined) throw new UsageError('expected no --postgres: chaos kills the store and cuts its connections, so it takes one that it started itself; leave it out')
  const workers = range(values.workers ?? '2..4')
  const playable = [...scenarios.keys()].filter((name) => name !== needsParameters)
  const { workers: _, ...rest } = values
  const flags = runFlagsOf({ ...rest, seconds: values.seconds ?? '30' }, { drivers: ['homegrown'], scenarios: playable })
  const minutes = whole('minutes', values.minutes, 30, 1, 24 * 60)
  const provedFaults = whole('faults', values.faults, 200, 1, 1_000_000)
  const round = values.round === undefined ? {} : { round: whole('round', values.round, 1, 1, 1_000_000) }
  const plan = chaosPlan({ ...flags, workers, minutes, provedFaults, minExposures, ...round })
  const { seed, drivers, scenarios: played, seconds } = flags
  const command = `npx durabench chaos --seed ${seed} --drivers ${drivers.join(',')} --scenarios ${played.join(',')} --seconds ${seconds} --workers ${workers.least}..${workers.most}`
  const extent = round.round === undefined ? ` --minutes ${minutes} --faults ${provedFaults}` : ` --round ${round.round}`
  return play(plan, flags, command + extent, chaosSummary)
}

function range(text: string): { least: number; most: number } {
  const [, first, last = first] = /^(\d+)(?:\.\.(\d+))?$/.exec(text) ?? []
  const [least, most] = [Number(first), Number(last)]
  if (!(least >= 1 && most >= least && most <= 64)) throw new UsageError(`expected --workers to be a number or a range like 2..4, found '${text}'`)
  return { least, most }
}
