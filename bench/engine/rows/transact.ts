// Transactional steps, whose effect and record are one commit, against plain steps of the same bytes. Both sides count runs whose
// end clients saw in the window, since an effect inside the store leaves no line in the ledger; the oracle judges them as ever.
import type { Json } from '../../../contract/json.ts'
import type { Point } from '../../../contract/plan.ts'
import { inFlightSweep } from '../homegrown.ts'
import type { Place } from '../place.ts'
import { play, verified } from '../play.ts'
import { payloadBytes, scripted, stepsPerRun } from '../points.ts'
import type { Row, Sample, Side } from '../row.ts'
import { best } from '../sweep.ts'

const workers = 2
const input = 'x'.repeat(payloadBytes)

export const transact: Row = {
  name: 'transact',
  about: 'steps/s of homegrown, two workers: transactional ÷ plain',
  target: { atLeast: 0.4 },
  async prepare(place) {
    const plain = await atBest(place, 'plain steps', { step: 'echo', input })
    const transactional = await atBest(place, 'transactional steps', { transact: 'insert', input })
    return { a: plain.side, b: transactional.side, profiled: { point: transactional.point } }
  },
}

/** Each side with what suits it in flight. */
function atBest(place: Place, label: string, instruction: Json): Promise<{ point: Point; side: Side }> {
  return place.once(label, async () => {
    const of = (inFlight: number): Point => point(place, label.replace(' ', '-'), instruction, inFlight)
    const inFlight = await best(place, label, inFlightSweep, (setting) => `${setting} in flight`, async (setting) => (await rate(place, of(setting))).value)
    return { point: of(inFlight), side: { label: `${label}, ${inFlight} in flight`, unit: 'steps/s', measure: () => rate(place, of(inFlight)) } }
  })
}

async function rate(place: Place, played: Point): Promise<Sample> {
  const { phase, report, cpu, doubts } = await play(place, played)
  return { value: verified(played, (report.endedInWindow * stepsPerRun) / phase.seconds), cpu, doubts }
}

function point(place: Place, name: string, instruction: Json, inFlight: number): Point {
  return scripted({ name, driver: 'homegrown', workers }, Array<Json>(stepsPerRun).fill(instruction), inFlight, place.timing)
}
