// A disk whose fsync is slow, and one whose fsync fails.
import { faultPoint, ofStore, type FaultPlan } from './fault-point.ts'

export const slowFsync: FaultPlan = (driver, options) => [
  faultPoint({ leg: 'slow-fsync', driver, options, seconds: 10, store: { shim: true }, faults: [ofStore('slow-fsync', 2_000, 3_000, { byMs: 250 })] }),
]

export const failingFsync: FaultPlan = (driver, options) => [
  faultPoint({ leg: 'failing-fsync', driver, options, seconds: 10, store: { shim: true }, faults: [2_000, 5_500].map((afterMs) => ofStore('failing-fsync', afterMs, 500)) }),
]
