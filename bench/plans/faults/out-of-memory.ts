// Workers that run out of memory in the midst of their work, one after the other.
import { faultPoint, ofWorker, type FaultPlan } from './fault-point.ts'

export const outOfMemory: FaultPlan = (driver, options) => [
  faultPoint({
    leg: 'out-of-memory', driver, options, seconds: 12,
    faults: Array.from({ length: 3 }, (_, i) => ofWorker('out-of-memory', i % options.workers, 2_000 + i * 3_000, 0)),
  }),
]
