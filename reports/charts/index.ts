// The charts of the page, in its order. Each is a pure function from a Result to a Vega-Lite specification with its data
// inside; null where the run has nothing to draw.
import type { TopLevelSpec } from 'vega-lite'
import type { Result } from '../../contract/result.ts'
import { latencyChart } from './latency.ts'
import { matrixChart } from './matrix.ts'
import { rateChart } from './rate.ts'
import { recoveryChart } from './recovery.ts'
import { timelineChart } from './timeline.ts'

export const charts: Readonly<Record<'matrix' | 'rate' | 'latency' | 'timeline' | 'recovery', (result: Result) => TopLevelSpec | null>> = {
  matrix: matrixChart,
  rate: rateChart,
  latency: latencyChart,
  timeline: timelineChart,
  recovery: recoveryChart,
}
