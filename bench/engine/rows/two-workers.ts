// Steps per second of two workers against DBOS at its best: the headline. The steps do nothing, so the ratio is of what the two
// engines charge for a step; real step bodies shrink it.
import { dbosAtBest } from '../dbos.ts'
import { alone, barePoint, bareSteps, bestInFlight } from '../homegrown.ts'
import type { Row } from '../row.ts'

export const twoWorkers: Row = {
  name: 'dbos/two-workers',
  about: 'steps/s of homegrown with two workers ÷ DBOS at its best',
  target: { atLeast: 150 },
  async prepare(place) {
    const a = await dbosAtBest(place)
    const inFlight = await bestInFlight(place, 2)
    return { a, b: bareSteps(place, 2, inFlight), beside: [alone(place, 2, inFlight)], profiled: barePoint(place, 2, inFlight) }
  },
}
