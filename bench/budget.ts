// One budget for every engine's crash detection: the longest pause of a healthy worker that must not cost it its runs.
import type { TimeBudget } from '../contract/driver.ts'

export const budget: TimeBudget = { leaseMs: 3_000, pollMs: 100 }
