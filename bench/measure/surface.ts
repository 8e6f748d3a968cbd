// Costs per transition, of points without faults only: a killed process takes its accounting with it.
import type { PointResult, Surface } from '../../contract/result.ts'
import type { Evidence } from '../../oracle/evidence.ts'
import type { SurfaceObservation } from '../surface.ts'
import { verifiedWithin } from './verified.ts'

export function measureSurface(evidence: Evidence, { surface, cpuSeconds, walBytes }: SurfaceObservation): PointResult['surface'] {
  if (evidence.faults.length > 0) return surface
  const transitions = verifiedWithin(evidence, -Infinity, Infinity)?.transitions ?? 0
  if (transitions === 0) return surface
  return {
    ...surface,
    cpuSecondsPerThousandTransitions: cpuSeconds === null ? null : (cpuSeconds / transitions) * 1e3,
    walBytesPerTransition: walBytes === null ? null : walBytes / transitions,
  } satisfies Surface
}
