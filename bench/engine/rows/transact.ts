// Transactional steps, whose effect and record are one commit, against plain steps of the same bytes. Both sides count runs whose
// end clients saw in the window, since an effect inside the store leaves no line in the ledger; the oracle judges them as ever.
import type { Json } from '../../../contract/json.ts'
import type { Point } from '../../../contract/plan.ts'
import { bestInFlight } from '../homegrown.ts'
import type { Place } from '../place.ts'
import { play, verified } from '../play.ts'
import { payloadBytes, scripted, stepsPerRun } from '../points.ts'
import type { Row, Side } from '../row.ts'

const workers = 2
const input = 'x'.repeat(payloadBytes)

export const transact: Row = {
  name: 'transact',
  about: 'steps/s of homegrown, two workers: transactional ÷ plain',
  target: { atLeast: 0.4 },
  async prepare(place) {
    const inFlight = await bestInFlight(place, workers)
    const transactional = point(place, 'transactional', { transact: 'insert', input }, inFlight)
    return {
      a: side(place, point(place, 'plain', { step: 'echo', input }, inFlight), 'plain steps'),
      b: side(place, transactional, 'transactional steps'),
      profiled: transactional,
    }
  },
}

function point(place: Place, name: string, instruction: Json, inFlight: number): Point {
  return scripted({ name, driver: 'homegrown', workers }, Array<Json>(stepsPerRun).fill(instruction), inFlight, place.timing)
}

function side(place: Place, played: Point, label: string): Side {
  return {
    label, unit: 'steps/s',
    async measure() {
      const { phase, report, cpu, doubts } = await play(place, played)
      return { value: verified(played, (report.endedInWindow * stepsPerRun) / phase.seconds), cpu, doubts }
    },
  }
}
