// When wall clocks of this run jumped ahead. Whoever has to keep a deadline over a restart can only write down a wall clock's time, so a
// timer under way may then be over early by as much; it is measured, and no violation. A jump back, or its heal, is one in the other
// direction, which makes timers late.
import type { Evidence } from './evidence.ts'
import { observationMs } from './troubles.ts'

/** By how much in all, while a timer was under way. */
export function jumpedAheadMs({ context, faults }: Evidence, fromMs: number, untilMs: number): number {
  let sum = 0
  for (const { fault, kind, appliedMs, healedMs, skipped } of faults) {
    if (kind !== 'clock-step' || appliedMs === null || skipped) continue
    const byMs = context.point.chaos.faults.find(({ id }) => id === fault)?.byMs ?? 0
    const jumpMs = byMs > 0 ? appliedMs : healedMs
    if (jumpMs !== null && jumpMs >= fromMs - observationMs && jumpMs <= untilMs + observationMs) sum += Math.abs(byMs)
  }
  return sum
}

/** When a wait that its run can't have reached before `floorMs` may have timed out, at the earliest. */
export function earliestTimeOutMs(evidence: Evidence, floorMs: number, timeoutMs: number): number {
  const dueMs = floorMs + timeoutMs
  return Math.max(floorMs, dueMs - jumpedAheadMs(evidence, floorMs, dueMs))
}
