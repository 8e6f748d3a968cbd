// The primary is lost for good and the standby takes over. Asynchronous is the control: what the standby had not had yet is lost.
import { faultPoint, ofStore, type FaultPlan } from './fault-point.ts'

const leg = 'failover'
const awayMs = 700

export const failover: FaultPlan = (driver, options) => [
  faultPoint({ leg, driver, options, seconds: 9, store: { standby: 'synchronous' }, faults: [ofStore('failover', 3_000, 200, { byMs: awayMs })] }),
  faultPoint({ leg, driver, name: 'asynchronous', options, seconds: 6, store: { standby: 'asynchronous' }, expect: 'fail', faults: [ofStore('failover', 3_000, 200, { byMs: awayMs })] }),
]
