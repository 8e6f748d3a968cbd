// What chaos and shrink are told: which rounds, of what, and which of a round's faults.
import type { ChaosOptions } from '../bench/plans/chaos.ts'
import { mixes as mixesByName } from '../bench/plans/chaos-mixes.ts'
import { UsageError } from '../bench/usage.ts'
import { scenarios } from '../scenarios/index.ts'
import { known, parse, runFlags, runFlagsOf, whole, type RunFlags } from './options.ts'

/** What a scenario's author did not mean to be played without parameters. */
const needsParameters = 'script'
/** Only if it is named: an engine can but count deaths, so a healthy run whose workers chaos killed often enough is rightly put aside, and no oracle can tell. */
const needsPeace = 'poison'
/** What every machine can do, and the one with the most faults a minute. */
const usualMixes = ['links']
const flags = { ...runFlags, minutes: { type: 'string' }, faults: { type: 'string' }, round: { type: 'string' }, mixes: { type: 'string' }, only: { type: 'string' }, tries: { type: 'string' } } as const

export interface ChaosFlags {
  readonly flags: RunFlags
  readonly options: ChaosOptions
  readonly tries: number
  /** The command that plays the same, but for which rounds. */
  readonly command: string
}

/** `own`: the flags that this command has beside those of all runs. */
export function readChaosFlags(argv: readonly string[], own: readonly Exclude<keyof typeof flags, keyof typeof runFlags>[]): ChaosFlags {
  const mine = Object.fromEntries(Object.entries(flags).filter(([name]) => name in runFlags || own.some((flag) => flag === name))) as typeof flags
  const { values } = parse(argv, mine, false)
  if (values.postgres !== undefined) throw new UsageError('expected no --postgres: chaos kills the store and cuts its connections, so it takes one that it started itself; leave it out')
  const workers = range(values.workers ?? '2..4')
  const playable = [...scenarios.keys()].filter((name) => name !== needsParameters)
  const { workers: _, ...rest } = values
  const run = runFlagsOf({ ...rest, seconds: values.seconds ?? '30' }, { drivers: ['homegrown'], scenarios: playable.filter((name) => name !== needsPeace), playable })
  const mixes = known('mixes', values.mixes, usualMixes, Object.keys(mixesByName))
  const round = values.round === undefined ? {} : { round: whole('round', values.round, 1, 1, 1_000_000) }
  if (values.only !== undefined && values.round === undefined) throw new UsageError('expected --round beside --only, since each round has faults of its own')
  const only = values.only === undefined ? {} : { only: values.only === 'none' ? [] : values.only.split(',').map((id) => id.trim()) }
  return {
    flags: run,
    options: {
      ...run, workers, mixes, ...round, ...only,
      minutes: whole('minutes', values.minutes, 30, 1, 24 * 60),
      provedFaults: whole('faults', values.faults, 200, 1, 1_000_000),
    },
    tries: whole('tries', values.tries, 3, 1, 100),
    command: `npx durabench chaos --seed ${run.seed} --drivers ${run.drivers.join(',')} --scenarios ${run.scenarios.join(',')} --seconds ${run.seconds} --workers ${workers.least}..${workers.most}${mixes === usualMixes ? '' : ` --mixes ${mixes.join(',')}`}`,
  }
}

function range(text: string): { least: number; most: number } {
  const [, first, last = first] = /^(\d+)(?:\.\.(\d+))?$/.exec(text) ?? []
  const [least, most] = [Number(first), Number(last)]
  if (!(least >= 1 && most >= least && most <= 64)) throw new UsageError(`expected --workers to be a number or a range like 2..4, found '${text}'`)
  return { least, most }
}
