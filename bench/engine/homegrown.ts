// The engine's side of the pairs: bare steps through the harness's contract, with the ledger on and the oracle after it, at the
// number of runs in flight that suits it best; and the engine alone, in processes of its own without the harness, to be shown beside it.
import type { Point } from '../../contract/plan.ts'
import type { Place, StoreSettings } from './place.ts'
import { play, verified } from './play.ts'
import { closed } from './points.ts'
import type { Side } from './row.ts'
import { runSolo } from './solo.ts'
import { best } from './sweep.ts'

/** What is swept for each side of homegrown's. */
export const inFlightSweep = [512, 1_024, 2_048, 4_096, 8_192]

/** In flight over all workers. */
export function bestInFlight(place: Place, workers: number): Promise<number> {
  return place.once(`homegrown ${workers}`, () => best(place, `homegrown, ${count(workers)}`, inFlightSweep, (inFlight) => `${inFlight} in flight`, async (inFlight) => {
    const point = barePoint(place, workers, inFlight)
    return verified(point, (await play(place, point)).phase.verifiedStepsPerSecond)
  }))
}

export function barePoint(place: Place, workers: number, inFlight: number): Point {
  return closed({ name: 'homegrown', driver: 'homegrown', workers }, inFlight, place.timing)
}

/** Verified steps per second; `settings` are Postgres's. */
export function bareSteps(place: Place, workers: number, inFlight: number, settings: StoreSettings = {}, label = 'homegrown'): Side {
  return {
    label: `${label}, ${count(workers)}, ${inFlight} in flight`, unit: 'steps/s',
    async measure() {
      const point = barePoint(place, workers, inFlight)
      const { phase, cpu, doubts } = await play(place, point, settings)
      return { value: verified(point, phase.verifiedStepsPerSecond), cpu, doubts }
    },
  }
}

/** The engine without the harness: no ledger, no client's history, no socket between client and worker. */
export function alone(place: Place, workers: number, inFlight: number): Side {
  return {
    label: `the engine alone, ${count(workers)}, ${inFlight} in flight`, unit: 'steps/s',
    async measure() {
      await using store = await place.store()
      const rates = await Promise.all(Array.from({ length: workers }, (_, worker) =>
        runSolo(place, new URL('./alone.ts', import.meta.url), { url: store.url, worker, inFlight: Math.max(1, Math.round(inFlight / workers)) })))
      return { value: rates.reduce((sum, { perSecond }) => sum + perSecond!, 0) }
    },
  }
}

export function count(workers: number): string {
  return workers === 1 ? '1 worker' : `${workers} workers`
}
