// Random chaos: rounds of load under a seeded schedule of faults, until enough of them were proved. A round depends on the seed and
// its number alone, so one that failed can be played again without those before it.
import type { InvariantName, Plan, PlannedFault, Point } from '../../contract/plan.ts'
import { random } from '../../contract/random.ts'
import { UsageError } from '../usage.ts'
import { scenarios as catalogue } from '../../scenarios/index.ts'
import { mixes as mixesByName } from './chaos-mixes.ts'
import { schedule } from './chaos-schedule.ts'
import { exposedOf } from './crash.ts'
import { control, type PlanOptions } from './options.ts'

export interface ChaosOptions extends Omit<PlanOptions, 'workers'> {
  /** Drawn for each round. */
  readonly workers: { readonly least: number; readonly most: number }
  readonly minutes: number
  readonly provedFaults: number
  /** Only this one, numbered from 1. */
  readonly round?: number
  /** By their names, in turns: another one in each round. */
  readonly mixes: readonly string[]
  /** Of its faults only these, by their ids. */
  readonly only?: readonly string[]
}

/** Services, drain, restart, journal and oracle take longer than this: so the plan has more rounds than fit in its minutes. */
const overheadSeconds = 5
const phase = 'chaos'
const bareInvariants: readonly InvariantName[] = ['admission', 'effects', 'claimed', 'stability', 'order', 'finality', 'start-dedup', 'liveness', 'evidence']

export function chaosPlan(options: ChaosOptions): Plan {
  const { seed, minExposures, minutes, provedFaults, drivers, round } = options
  const count = Math.max(1, Math.ceil((minutes * 60) / (options.seconds + overheadSeconds)))
  const rounds = round === undefined ? Array.from({ length: count }, (_, i) => i + 1) : [round]
  return {
    schemaVersion: 1, command: 'chaos', seed, minExposures,
    points: rounds.flatMap((round) => drivers.map((driver) => chaosRound(driver, round, options))),
    ...(round === undefined ? { until: { provedFaults, minutes } } : {}),
  }
}

function chaosRound(driver: string, round: number, { seed, scenarios, seconds, workers: { least, most }, mixes, only }: ChaosOptions): Point {
  const draws = random(seed, `chaos/round/${round}`)
  const workers = least + draws.below(most - least + 1)
  const [cycle, nth] = [Math.floor((round - 1) / scenarios.length), (round - 1) % scenarios.length]
  const scenario = scenarios[nth]!
  // Each scenario meets each mix, whatever their numbers.
  const mix = mixesByName[mixes[(cycle + nth) % mixes.length]!]!
  const bare = scenario === 'bare-steps'
  const faults = chosen(schedule(draws, { driver, phase, seconds, workers, mix, versions: versionsOf(scenario) }), only)
  return {
    id: `chaos/${driver}/${round}`, leg: 'chaos', driver, variant: 'default', scenario,
    params: bare ? { steps: 50, payloadBytes: 200 } : null,
    workers,
    load: {
      // Enough in flight for every fault to meet some, few enough for the evidence of many rounds to fit on a disk.
      phases: [{ name: phase, kind: 'closed', concurrency: bare ? 256 : 128, seconds, warmupSeconds: 0 }],
      followedShare: 1, doubledShare: 0.2, callDeadlineMs: 10_000,
    },
    chaos: { faults, operatorAfterMs: 0 },
    invariants: [
      ...(bare ? bareInvariants : exposedOf(scenario)),
      ...(faults.some(({ kind }) => kind === 'pause' || kind === 'partition') ? ['fencing' as const] : []),
    ],
    expect: driver === control ? 'fail' : 'pass',
    bareLedger: 'on',
    capSeconds: seconds + 60,
    ...(mix.store === undefined ? {} : { store: mix.store }),
  }
}

function versionsOf(scenario: string): { first: string; next: string } | null {
  const { bodies, version } = catalogue.get(scenario)!
  const next = Object.keys(bodies ?? {})[0]
  return next === undefined ? null : { first: version, next }
}

function chosen(faults: readonly PlannedFault[], only: readonly string[] | undefined): readonly PlannedFault[] {
  const unknown = only?.find((id) => !faults.some((fault) => fault.id === id))
  if (unknown !== undefined) throw new UsageError(`expected --only to name faults of this round (${faults.map(({ id }) => id).join(', ')}), found '${unknown}'`)
  return only === undefined ? faults : faults.filter(({ id }) => only.includes(id))
}
