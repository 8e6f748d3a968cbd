// What the seed holds for an attempt: its latency and an injected failure. Drawn from who calls (workflow, seq, how often),
// never from when, so that neither arrival order nor the speed of an engine changes it.
// The run's id is left out of the draw: the same seed gives the index-th workflow the same fate in every run and on every
// engine, which makes paired comparisons fair.
import { random, type Random } from '../contract/random.ts'
import type { WorldSettings } from './settings.ts'

interface Fate {
  readonly latencyMs: number
  readonly injected: 429 | 500 | 'hung' | null
}

export type FateSettings = Pick<WorldSettings, 'seed' | 'latency' | 'failures'>

/** ordinal: 1 for the first attempt of that seq that the world saw. */
export function fateOf({ seed, latency, failures }: FateSettings, workflowId: string, seq: number, ordinal: number): Fate {
  const draw = random(seed, `fate/${indexOf(workflowId)}/${seq}#${ordinal}`)
  return { latencyMs: logNormal(draw, latency.medianMs, latency.p99Ms), injected: injectedBy(draw.next(), failures) }
}

/** The part of a workflow id that every run shares: the index, and a child's path below it. */
export function indexOf(workflowId: string): string {
  return workflowId.slice(workflowId.lastIndexOf('-') + 1)
}

const z99 = 2.3263478740408408 // the standard normal's 99th percentile

function logNormal(draw: Random, medianMs: number, p99Ms: number): number {
  const standardNormal = Math.sqrt(-2 * Math.log(1 - draw.next())) * Math.cos(2 * Math.PI * draw.next())
  if (medianMs === 0) return 0
  return medianMs * Math.exp((Math.log(p99Ms / medianMs) / z99) * standardNormal)
}

function injectedBy(uniform: number, { status429, status500, hungAfterApplied }: WorldSettings['failures']): Fate['injected'] {
  if (uniform < status429) return 429
  if (uniform < status429 + status500) return 500
  if (uniform < status429 + status500 + hungAfterApplied) return 'hung'
  return null
}
