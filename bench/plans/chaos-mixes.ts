// What hurts a round of random chaos beside kills, sleepers and races, by mixes of faults that can share a machine: a relay and
// networks of their own exclude each other, and a clock that jumps makes the oracle milder, so nothing else should meet it there.
import type { LinkStrike, PlannedFault, Point, Toxic } from '../../contract/plan.ts'
import type { Random } from '../../contract/random.ts'
import { budget } from '../budget.ts'
import { recordLink, toxics } from './links.ts'

/** A fault of a mix, its times to be drawn. Its lanes are its own for `takesMs`, the heal included. */
export interface Drawn {
  readonly kind: PlannedFault['kind']
  readonly role: PlannedFault['role']
  readonly takesMs: number
  readonly healMs: { readonly least: number; readonly below: number }
  readonly more?: (draws: Random, driver: string) => Partial<Pick<PlannedFault, 'byMs' | 'link' | 'direction' | 'part'>>
}

export interface Mix {
  readonly store?: Point['store']
  /** Of a service, while no process is hurt otherwise: each once in a turn. */
  readonly ofServices: (driver: string) => readonly Drawn[]
  /** Of the store, and once in a round. */
  readonly once?: Drawn
  /** Of one worker, while others may be hurt: each once in a turn. */
  readonly ofWorkers: readonly Drawn[]
  /** Another version of the code and back, where the scenario has one. */
  readonly deploys: boolean
  /** All the while, at whoever commits next. */
  readonly strikes: readonly (LinkStrike | 'terminate-backend')[]
  /** All the while, for all who use a link. */
  readonly toxics: readonly Toxic[]
}

export interface Round {
  readonly driver: string
  readonly phase: string
  readonly seconds: number
  readonly workers: number
  readonly mix: Mix
  /** Of the scenario's code: the one that it begins with and the next; null: there is one. */
  readonly versions: { readonly first: string; readonly next: string } | null
}

const restart: Drawn = { kind: 'restart', role: 'store', takesMs: 2_000, healMs: { least: 50, below: 600 } }
const strikes: readonly (LinkStrike | 'terminate-backend')[] = ['cut-request', 'cut-answer', 'cut-batch', 'hold-commit', 'terminate-backend']
const serverParts = ['frontend', 'history', 'matching', 'worker'] as const
const none = { deploys: false, ofWorkers: [], strikes: [], toxics: [], ofServices: () => [restart] } as const
/** More than any lease. */
const stepMs = 30_000

/** By the names that --mixes takes. */
export const mixes: Readonly<Record<string, Mix>> = {
  links: { ...none, ofServices: () => [restart, restart], strikes },
  operations: {
    ...none, deploys: true,
    ofServices: (driver) => [
      restart,
      { kind: 'cpu-hog', role: 'store', takesMs: 4_000, healMs: { least: 1_000, below: 3_000 } },
      { kind: 'fsync-hog', role: 'store', takesMs: 4_000, healMs: { least: 1_000, below: 3_000 } },
      ...(driver !== 'temporal' ? [] : [{ kind: 'restart', role: 'engine-server', takesMs: 4_000, healMs: { least: 50, below: 1_500 }, more: (draws) => ({ part: oneOf(draws, serverParts) }) } as const satisfies Drawn]),
    ],
    ofWorkers: [
      { kind: 'terminate', role: 'worker', takesMs: 4_000, healMs: { least: 0, below: 400 } },
      { kind: 'out-of-memory', role: 'worker', takesMs: 6_000, healMs: { least: 0, below: 400 } },
    ],
  },
  disk: {
    ...none, store: { disk: 'loop' }, strikes,
    ofServices: () => [
      restart,
      { kind: 'power-cut', role: 'store', takesMs: 5_000, healMs: { least: 50, below: 600 } },
      { kind: 'disk-full', role: 'store', takesMs: 5_000, healMs: { least: 500, below: 1_500 } },
    ],
  },
  fsync: {
    ...none, store: { shim: true }, strikes,
    ofServices: () => [
      restart,
      { kind: 'slow-fsync', role: 'store', takesMs: 4_000, healMs: { least: 1_000, below: 3_000 }, more: (draws) => ({ byMs: 50 + draws.below(400) }) },
      { kind: 'failing-fsync', role: 'store', takesMs: 4_000, healMs: { least: 200, below: 1_000 } },
    ],
  },
  clocks: {
    ...none, store: { shim: true },
    ofServices: () => [restart, { kind: 'clock-step', role: 'store', takesMs: 3_000, healMs: { least: 200, below: 2_000 }, more: step }],
    ofWorkers: [{ kind: 'clock-step', role: 'worker', takesMs: 3_000, healMs: { least: 200, below: 2_000 }, more: step }],
  },
  partitions: {
    ...none,
    ofWorkers: [{
      kind: 'partition', role: 'worker', takesMs: budget.leaseMs + 7_000, healMs: { least: 500, below: budget.leaseMs + 3_000 },
      more: (draws, driver) => ({ link: recordLink(driver), direction: oneOf(draws, ['both', 'out', 'in'] as const) }),
    }],
  },
  toxics: { ...none, toxics },
  failover: { ...none, store: { standby: 'synchronous' }, ofServices: () => [], once: { kind: 'failover', role: 'store', takesMs: 5_000, healMs: { least: 50, below: 600 }, more: (draws) => ({ byMs: draws.below(1_500) }) } },
}

function step(draws: Random): { byMs: number } {
  return { byMs: draws.below(2) === 0 ? stepMs : -stepMs }
}

function oneOf<T>(draws: Random, items: readonly T[]): T {
  return items[draws.below(items.length)]!
}
