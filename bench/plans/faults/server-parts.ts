// A server that is made of services, of which one is killed and comes back while the others live on. Engines without such a server have
// no such point.
import type { ServerPart } from '../../../contract/plan.ts'
import { faultPoint, phase, type FaultPlan } from './fault-point.ts'

const parts: readonly ServerPart[] = ['frontend', 'history', 'matching', 'worker']
const beginMs = 3_000
const downMs = 1_000
const everyMs = 6_000

export const serverParts: FaultPlan = (driver, options) => (driver !== 'temporal' ? [] : [
  faultPoint({
    leg: 'server-parts', driver, options, seconds: (beginMs + parts.length * everyMs + 2_000) / 1e3,
    faults: parts.map((part, i) => ({
      id: part, kind: 'restart', role: 'engine-server', slot: 0, part,
      trigger: { at: 'time', phase, afterMs: beginMs + i * everyMs }, heal: { afterMs: downMs, identity: 'same' },
    })),
  }),
])
