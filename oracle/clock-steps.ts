// What jumps of wall clocks do to timers. Whoever has to keep a deadline over a restart can only write down a wall clock's time, so a
// timer under way may then be over early by as much; it is measured, and no violation. A jump back, or its heal, is one in the other
// direction, which makes timers late.
import type { Evidence } from './evidence.ts'
import { jumpsAhead } from './jumps.ts'
import { observationMs } from './troubles.ts'

/** By how much in all, while a timer was under way. */
export function jumpedAheadMs(evidence: Evidence, fromMs: number, untilMs: number): number {
  return jumpsAhead(evidence).reduce((sum, { atMs, byMs }) => (atMs >= fromMs - observationMs && atMs <= untilMs + observationMs ? sum + byMs : sum), 0)
}

/** When a wait that its run can't have reached before `floorMs` may have timed out, at the earliest. */
export function earliestTimeOutMs(evidence: Evidence, floorMs: number, timeoutMs: number): number {
  const dueMs = floorMs + timeoutMs
  return Math.max(floorMs, dueMs - jumpedAheadMs(evidence, floorMs, dueMs))
}
