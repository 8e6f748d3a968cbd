// Ends and effects per bin of time, with the faults' spans as data for reports to draw.
import type { Timeline } from '../../contract/result.ts'
import type { Evidence } from '../../oracle/evidence.ts'
import { endSeenMs } from './progress.ts'

const bins = 120
const leastBinMs = 100

/** null when no phase began. */
export function measureTimeline(evidence: Evidence): Timeline | null {
  const startMs = evidence.phases[0]?.atMs
  if (startMs === undefined) return null
  const ends = evidence.runs.map(endSeenMs).filter((ms) => ms !== null)
  const lastMs = ends.reduce((a, b) => Math.max(a, b), startMs)
  const binMs = Math.max(leastBinMs, Math.ceil((lastMs - startMs) / bins))
  const count = Math.floor((lastMs - startMs) / binMs) + 1
  const ended = new Array<number>(count).fill(0)
  const applied = new Array<number>(count).fill(0)
  const put = (into: number[], atMs: number): void => {
    const bin = Math.floor((atMs - startMs) / binMs)
    if (bin >= 0 && bin < count) into[bin]!++
  }
  for (const ms of ends) put(ended, ms)
  for (const run of evidence.runs) for (const attempt of run.attempts) for (const effect of attempt.applied) put(applied, effect.atMs)
  for (let row = 0; row < evidence.bare.count; row++) put(applied, evidence.bare.atMs[row]!)
  const marks = evidence.faults.filter((fault) => fault.appliedMs !== null).map((fault) => ({
    atMs: fault.appliedMs! - startMs,
    untilMs: fault.healedMs === null ? null : fault.healedMs - startMs,
    label: fault.point === null ? fault.fault : `${fault.point} ${fault.seq}`,
    kind: `${fault.kind} ${fault.role}`,
  }))
  return { binMs, ended, applied, marks }
}
