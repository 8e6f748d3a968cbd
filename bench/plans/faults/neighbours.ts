// Neighbours that take the processors, and the disk.
import { faultPoint, ofStore, type FaultPlan } from './fault-point.ts'

export const cpuHog: FaultPlan = (driver, options) => [
  faultPoint({ leg: 'cpu-hog', driver, options, seconds: 10, faults: [ofStore('cpu-hog', 2_000, 3_000)] }),
]

export const fsyncHog: FaultPlan = (driver, options) => [
  faultPoint({ leg: 'fsync-hog', driver, options, seconds: 10, faults: [ofStore('fsync-hog', 2_000, 3_000)] }),
]
