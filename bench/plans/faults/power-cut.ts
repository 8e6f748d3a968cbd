// Durability is claimed from here alone: kill -9 leaves what the kernel was told. The control is the same store with fsync off, whose
// promises a power cut breaks: one that passes shows that nothing was cut.
import { faultPoint, ofStore, type FaultPlan } from './fault-point.ts'

const leg = 'power-cut'
const offMs = 200

export const powerCut: FaultPlan = (driver, options) => [
  faultPoint({ leg, driver, options, seconds: 12, store: { disk: 'loop' }, faults: [2_500, 8_000].map((afterMs) => ofStore('power-cut', afterMs, offMs)) }),
  faultPoint({ leg, driver, name: 'fsync-off', options, seconds: 6, store: { disk: 'loop', fsync: 'off' }, expect: 'fail', faults: [ofStore('power-cut', 3_000, offMs)] }),
]
