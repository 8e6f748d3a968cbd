// Trips of the scenario `saga` as the world, the load and an engine would write them; whose card is declined is the scenario's word.
import type { LedgerLine, TraceEntry } from '../../contract/logs.ts'
import { scenario } from '../../scenarios/saga/index.ts'
import type { TripInput } from '../../scenarios/saga/workflow.ts'
import type { LogBuilder } from './build-log.ts'

export interface TripHooks {
  /** What a declined trip takes back, in that order. */
  readonly returned?: readonly ('hotel' | 'flight')[]
  /** What the world answers to a declined card, try by try. */
  readonly statuses?: readonly number[]
  readonly failed?: 'refused' | 'exhausted'
  readonly booked?: boolean
  /** Happens before the card is tried. */
  readonly meanwhile?: (log: LogBuilder) => void
}

/** The first trip, from `from` on, whose card is so. */
export function tripWith(card: TripInput['card'], from = 0): number {
  for (let index = from; ; index++) if (inputOf(index).card === card) return index
}

/** Point scenario: saga. */
export function playTrip(log: LogBuilder, index: number, hooks: TripHooks = {}): string {
  const { customer: _, card, ...cents } = inputOf(index)
  const { returned = ['hotel', 'flight'], statuses = [400], failed = 'refused', booked = card === 'good' } = hooks
  const id = log.start(index)
  const flight = log.step(id, 1, 'book-flight', [], 'worker0-1', cents.flightCents)
  const hotel = log.step(id, 2, 'book-hotel', [flight], 'worker0-1', cents.hotelCents)
  const trace: TraceEntry[] = [flight, hotel]
  if (card === 'good') {
    const pay = log.step(id, 3, 'pay', [hotel], 'worker0-1', cents.restCents)
    trace.push(pay, log.step(id, 4, 'confirm', [pay]))
  } else {
    hooks.meanwhile?.(log)
    for (const status of statuses) log.w({ k: 'replied', a: log.after(100).attempt(id, 3, 'pay', [hotel]), status } satisfies Omit<Extract<LedgerLine, { k: 'replied' }>, 'n' | 't'>)
    trace.push({ failed })
    let last: number | null = null
    for (const what of returned) trace.push((last = log.step(id, trace.length + 1, `cancel-${what}`, last === null ? [] : [last], 'worker0-1', -cents[`${what}Cents`])))
    trace.push(log.step(id, trace.length + 1, 'apologise', last === null ? [] : [last]))
  }
  log.record(id, trace)
  const keptCents = booked ? cents.flightCents + cents.hotelCents + cents.restCents : 0
  for (const reader of ['live', 'reread']) log.seen(id, { booked, keptCents }, trace, reader)
  return id
}

const inputOf = (index: number): TripInput => scenario.input(1, index, null) as TripInput
