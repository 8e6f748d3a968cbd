// Wall clocks that jump: the store's and a worker's, ahead and behind, by more than any lease.
import { faultPoint, ofStore, ofWorker, type FaultPlan } from './fault-point.ts'

const leg = 'clock-step'
const stepMs = 30_000

export const clockStep: FaultPlan = (driver, options) => [
  faultPoint({
    leg, driver, options, seconds: 14, store: { shim: true },
    faults: [
      ofStore('clock-step', 2_000, 1_500, { byMs: stepMs, id: 'store-ahead' }),
      ofStore('clock-step', 6_000, 1_500, { byMs: -stepMs, id: 'store-behind' }),
    ],
  }),
  faultPoint({
    leg, driver, name: 'worker', options, seconds: 14,
    faults: [ofWorker('clock-step', 0, 2_000, 1_500, { byMs: stepMs }), ofWorker('clock-step', 0, 6_000, 1_500, { byMs: -stepMs })],
  }),
]
