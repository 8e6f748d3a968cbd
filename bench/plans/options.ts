// What a user may choose of a plan.

export interface PlanOptions {
  readonly seed: number
  readonly drivers: readonly string[]
  readonly scenarios: readonly string[]
  /** Length of each measured window. */
  readonly seconds: number
  readonly workers: number
  readonly minExposures: number
}

/** The engine that keeps nothing: it has to fail where a worker is killed. */
export const control = 'volatile'
