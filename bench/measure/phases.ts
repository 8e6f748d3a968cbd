// The figures of each phase: what load measured itself, and what only the logs together can tell.
import type { PhaseResult } from '../../contract/result.ts'
import { LatencyHistogram } from '../../load/histogram.ts'
import type { PhaseReport } from '../../load/protocol.ts'
import type { Evidence } from '../../oracle/evidence.ts'
import { lastEffectMs } from './progress.ts'
import { verifiedWithin } from './verified.ts'

/** `trusted`: no invariant failed; a rate of an engine that lost or doubled something is no rate. */
export function measurePhases(evidence: Evidence, reports: readonly PhaseReport[], trusted: boolean): PhaseResult[] {
  return reports.map((report) => {
    const { name, kind, beginMs, endMs, offeredPerSecond, started, completed, acceptLatency, endLatency, scheduleLag, generatorCpuShare, invalid } = report
    const seconds = (endMs - beginMs) / 1e3
    const verified = trusted && seconds > 0 ? verifiedWithin(evidence, beginMs, endMs) : null
    return {
      name, kind, seconds,
      aside: evidence.context.point.load.phases.some((phase) => phase.name === name && phase.aside === true), offeredPerSecond, started, completed,
      verifiedStepsPerSecond: verified && verified.steps / seconds,
      verifiedTransitionsPerSecond: verified && verified.transitions / seconds,
      effectLatency: effectLatency(evidence, report),
      endLatency, acceptLatency, scheduleLag, generatorCpuShare, invalid,
    }
  })
}

function effectLatency(evidence: Evidence, { measuredFrom, lastIndex }: PhaseReport): PhaseResult['effectLatency'] {
  const histogram = new LatencyHistogram()
  for (let index = measuredFrom; index < lastIndex; index++) {
    const run = evidence.runOf(`${evidence.context.runId}-${index}`)
    const intendedMs = run?.starts[0]?.intendedMs
    const last = run && lastEffectMs(evidence, run)
    if (intendedMs !== undefined && last != null) histogram.recordMs(last - intendedMs)
  }
  return histogram.result()
}
