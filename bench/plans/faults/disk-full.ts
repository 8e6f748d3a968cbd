// The store's disk runs out of room, twice, and gets some back.
import { faultPoint, ofStore, type FaultPlan } from './fault-point.ts'

export const diskFull: FaultPlan = (driver, options) => [
  faultPoint({ leg: 'disk-full', driver, options, seconds: 12, store: { disk: 'loop' }, faults: [2_500, 7_000].map((afterMs) => ofStore('disk-full', afterMs, 1_000)) }),
]
