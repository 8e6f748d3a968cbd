// A completed run position by position, each with the earliest time at which its body can have got there: after the world's
// last answer, plus the timers since. A floor, never an estimate, so what comes before it came too early for sure.
import type { TraceEntry } from '../contract/logs.ts'
import type { Evidence, Run } from './evidence.ts'
import { stepsOf, type StepAttempt } from './steps.ts'

export interface Position {
  readonly seq: number
  readonly entry: TraceEntry
  /** The body can't have reached this position earlier. */
  readonly floorMs: number
  /** The winning attempt, if this is a step whose attempt is known. */
  readonly attempt: StepAttempt | undefined
}

/** The last position is that after the end. */
export function walk(evidence: Evidence, run: Run, trace: readonly TraceEntry[]): { positions: Position[]; endFloorMs: number } {
  const { byNonce, bySeq } = stepsOf(evidence, run)
  const sentMs = new Map<string, number>()
  for (const { signalId, invokedMs } of run.signals) sentMs.set(signalId, Math.min(invokedMs, sentMs.get(signalId) ?? Infinity))
  let floorMs = run.starts.reduce((first, start) => Math.min(first, start.invokedMs), Infinity)
  if (floorMs === Infinity) floorMs = -Infinity
  const positions = trace.map((entry, i): Position => {
    const seq = i + 1
    const attempt = typeof entry === 'number' ? byNonce.get(entry) : undefined
    const position = { seq, entry, floorMs, attempt }
    if (typeof entry === 'number') floorMs = Math.max(floorMs, attempt?.repliedMs ?? floorMs)
    else if ('timer' in entry) floorMs += entry.timer
    else if ('wait' in entry) floorMs = entry.signalId === null ? floorMs + (entry.timeoutMs ?? 0) : Math.max(floorMs, sentMs.get(entry.signalId) ?? floorMs)
    else if ('failed' in entry) floorMs = Math.max(floorMs, bySeq.get(seq)?.at(-1)?.atMs ?? floorMs)
    return position
  })
  return { positions, endFloorMs: floorMs }
}

/** Nothing but steps: most runs of a bare scenario, which have nothing to wait for. */
export function hasWaits(trace: readonly TraceEntry[]): boolean {
  for (let i = 0; i < trace.length; i++) {
    const entry = trace[i]!
    if (typeof entry === 'object' && ('timer' in entry || 'wait' in entry)) return true
  }
  return false
}
