// One run at a time, its steps one after the other: nothing to batch, so what counts is the way of a single step to the disk.
// DBOS gets the pool that its users get from the driver, for a single run uses one connection at a time.
import { dbosSide } from '../dbos.ts'
import { alone, barePoint, bareSteps } from '../homegrown.ts'
import type { Row } from '../row.ts'

export const oneAtATime: Row = {
  name: 'dbos/one-at-a-time',
  about: 'steps/s of homegrown ÷ DBOS, one run at a time, one worker each',
  target: { atLeast: 4 },
  prepare: (place) => Promise.resolve({
    a: dbosSide(place, { pool: 20, inFlight: 1, workers: 1 }),
    b: bareSteps(place, 1, 1),
    beside: [alone(place, 1, 1)],
    profiled: { point: barePoint(place, 1, 1) },
  }),
}
