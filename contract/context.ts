// point.json: all that the oracle needs to know besides the logs, so that a folder can be checked offline, later, elsewhere.
import type { Driver, TimeBudget } from './driver.ts'
import type { Point } from './plan.ts'

export interface PointContext {
  readonly schemaVersion: 1
  readonly runId: string
  readonly seed: number
  readonly minExposures: number
  readonly point: Point
  readonly driver: Pick<Driver, 'name' | 'title' | 'placement' | 'capabilities' | 'promises'> & { readonly versions: Readonly<Record<string, string>> }
  readonly budget: TimeBudget
}
