// A network that is slow, thin, in pieces, or says no: every toxic, one after the other, on every link that the engine has.
import { linksOf, toxics as kinds } from '../links.ts'
import { faultPoint, phase, type FaultPlan } from './fault-point.ts'

const beginMs = 2_000
const holdMs = 1_500
/** From one to the next: time to connect again. */
const everyMs = 3_500

export const toxics: FaultPlan = (driver, options) => linksOf(driver).map((link, _, links) => faultPoint({
  leg: 'toxics', driver, options, ...(links.length === 1 ? {} : { name: link }),
  seconds: (beginMs + kinds.length * everyMs + 2_000) / 1e3,
  faults: kinds.map((kind, i) => ({
    id: `${kind} ${link}`, kind, role: 'link', slot: 'all', link,
    trigger: { at: 'time', phase, afterMs: beginMs + i * everyMs }, heal: { afterMs: holdMs, identity: 'same' },
  })),
}))
