// Bounded worlds to explore: who lives, what their runs do, and how much may go wrong. Small, since what goes wrong in a protocol
// needs few actors; every order of events within the bounds is looked at.

type Operation = 'step' | 'wait' | 'statement'

export interface Plan {
  readonly name: string
  /** Identities, in the order of their tokens; those beyond `living` may join later. */
  readonly workers: readonly string[]
  readonly living: number
  /** For each run's number the id that it is to have: two of the same id are two starts of it. */
  readonly runs: readonly number[]
  readonly starts: readonly { readonly by: number | 'client'; readonly run: number }[]
  readonly body: readonly Operation[]
  /** Waits may time out. */
  readonly timeouts: boolean
  /** Runs that wait may leave memory. */
  readonly parking: boolean
  /** Signals are sent through the worker that has the run, which delivers them without waiting for a poll. */
  readonly echoes: boolean
  /** The store refuses the users' statements, until it doesn't. */
  readonly refusing: boolean
  readonly crashes: number
  /** Leases of living workers that run out. */
  readonly pauses: number
  /** Connections lost with a request or an answer on them. */
  readonly cuts: number
  readonly signals: number
  readonly cancels: number
}

const calm = { runs: [0], timeouts: false, parking: false, echoes: false, refusing: false, crashes: 0, pauses: 0, cuts: 0, signals: 0, cancels: 0 } as const
const pair = { workers: ['a', 'b'], living: 2, starts: [{ by: 0, run: 0 }] } as const
const succession = { workers: ['a', 'b', 'a'], living: 2 } as const

export const plans = {
  steps: { ...calm, ...pair, name: 'steps', body: ['step', 'step'], crashes: 1, pauses: 1, cuts: 2 },
  waits: { ...calm, ...pair, name: 'waits', body: ['wait', 'step'], timeouts: true, pauses: 1, cuts: 1, signals: 2, cancels: 1 },
  patience: { ...calm, ...pair, name: 'patience', body: ['step', 'wait'], crashes: 1, pauses: 1, cuts: 1, signals: 1 },
  starts: { ...calm, ...pair, name: 'starts', runs: [0, 0], starts: [{ by: 0, run: 0 }, { by: 1, run: 1 }], body: ['step'], pauses: 1, cuts: 1 },
  successor: { ...calm, ...succession, name: 'successor', starts: [{ by: 'client', run: 0 }], body: ['step'], crashes: 1, cuts: 1 },
  relay: { ...calm, ...succession, name: 'relay', starts: [{ by: 0, run: 0 }], body: ['wait'], pauses: 1, signals: 1, cancels: 1 },
  neighbours: { ...calm, ...succession, name: 'neighbours', runs: [0, 1], starts: [{ by: 0, run: 0 }, { by: 1, run: 1 }], body: ['step'], pauses: 1 },
  statement: { ...calm, ...pair, name: 'statement', body: ['statement', 'step'], refusing: true, cuts: 2, pauses: 1 },
  statements: { ...calm, ...pair, name: 'statements', runs: [0, 1], starts: [{ by: 0, run: 0 }, { by: 0, run: 1 }], body: ['statement'], refusing: true, cuts: 1 },
  parking: { ...calm, ...pair, name: 'parking', body: ['wait', 'step'], parking: true, pauses: 1, cuts: 1, signals: 1, cancels: 1 },
  echo: { ...calm, ...pair, name: 'echo', body: ['wait', 'wait'], timeouts: true, parking: true, echoes: true, signals: 1, pauses: 1 },
} as const satisfies Record<string, Plan>
