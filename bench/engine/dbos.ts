// DBOS at its best on this machine: its pool, the runs in flight and the number of workers swept through the same harness that
// measures homegrown, so that neither side pays for what the other does not.
import type { Point } from '../../contract/plan.ts'
import { count } from './homegrown.ts'
import type { Place } from './place.ts'
import { play, verified } from './play.ts'
import { closed } from './points.ts'
import type { Side } from './row.ts'
import { best } from './sweep.ts'

interface Setting {
  readonly pool: number
  readonly inFlight: number
  readonly workers: number
}

const settings: readonly Setting[] = [10, 20, 50].flatMap((pool) => [50, 200].flatMap((inFlight) => [1, 2].map((workers) => ({ pool, inFlight, workers }))))

/** Swept once a run of the command, whichever row asks first. */
export function dbosAtBest(place: Place): Promise<Side> {
  return place.once('dbos', async () => dbosSide(place, await best(place, 'DBOS', settings, describe, (setting) => rate(place, setting).then(({ value }) => value))))
}

export function dbosSide(place: Place, setting: Setting): Side {
  return { label: `DBOS, ${describe(setting)}`, unit: 'steps/s', measure: () => rate(place, setting) }
}

async function rate(place: Place, setting: Setting): ReturnType<Side['measure']> {
  const point = dbosPoint(place, setting)
  const { phase, cpu, doubts } = await play(place, point)
  return { value: verified(point, phase.verifiedStepsPerSecond), cpu, doubts }
}

function dbosPoint(place: Place, { pool, inFlight, workers }: Setting): Point {
  return closed({ name: 'dbos', driver: 'dbos', variant: `pool-${pool}`, workers }, inFlight, place.timing)
}

function describe({ pool, inFlight, workers }: Setting): string {
  return `${count(workers)}, pool of ${pool}, ${inFlight} in flight`
}
