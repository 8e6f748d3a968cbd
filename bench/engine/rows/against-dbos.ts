// Steps per second against DBOS at its best, which may have two workers: the headline. The steps do nothing, so the ratio is of
// what the two engines charge for a step; real step bodies shrink it.
import { dbosAtBest } from '../dbos.ts'
import { alone, barePoint, bareSteps, bestInFlight } from '../homegrown.ts'
import type { Row } from '../row.ts'

export const twoWorkers = againstDbos('two workers', 2, 150)
export const oneWorker = againstDbos('one worker', 1, 100)

function againstDbos(who: string, workers: number, atLeast: number): Row {
  return {
    name: `dbos/${who.replace(' ', '-')}`,
    about: `steps/s of homegrown with ${who} ÷ DBOS at its best`,
    target: { atLeast },
    async prepare(place) {
      const a = await dbosAtBest(place)
      const inFlight = await bestInFlight(place, workers)
      return { a, b: bareSteps(place, workers, inFlight), beside: [alone(place, workers, inFlight)], profiled: { point: barePoint(place, workers, inFlight) } }
    },
  }
}
