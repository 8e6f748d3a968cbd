// Plays a point of the selftest with a driver, and judges it.
import type { Driver } from '../contract/driver.ts'
import type { Point } from '../contract/plan.ts'
import { createPointFolder } from '../bench/folder.ts'
import { judgePoint, type JudgedPoint } from '../bench/judge.ts'
import { playPoint } from '../bench/point.ts'
import type { Guard } from '../processes/guard.ts'
import type { Addresses } from '../services/index.ts'

export interface Place {
  readonly seed: number
  readonly folder: string
  readonly guard: Guard
  readonly addresses: Addresses
}

/** One exposure is enough here: plans are steered, and a mutant is to be caught and no rate to be bounded. */
export const minExposures = 1

export async function play(point: Point, driver: Driver, place: Place): Promise<JudgedPoint> {
  const folder = createPointFolder(place.folder, point.id)
  const logs = await playPoint({ ...place, folder, minExposures, point, driver, onProgress: () => undefined, onStage: () => undefined })
  return judgePoint(folder, point, logs)
}
