// The same with one worker process, against the same best of DBOS, which may have two.
import { dbosAtBest } from '../dbos.ts'
import { alone, barePoint, bareSteps, bestInFlight } from '../homegrown.ts'
import type { Row } from '../row.ts'

export const oneWorker: Row = {
  name: 'dbos/one-worker',
  about: 'steps/s of homegrown with one worker ÷ DBOS at its best',
  target: { atLeast: 100 },
  async prepare(place) {
    const a = await dbosAtBest(place)
    const inFlight = await bestInFlight(place, 1)
    return { a, b: bareSteps(place, 1, inFlight), beside: [alone(place, 1, inFlight)], profiled: barePoint(place, 1, inFlight) }
  },
}
