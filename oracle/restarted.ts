// Timers that a recovery began anew. Lateness alone shows nothing, since engines promise little and machines stand still; but one
// that was long under way when its worker died, and is over no sooner than a whole duration after that, while a timer of another
// worker came in time, has been set twice.
import type { Evidence, Run } from './evidence.ts'
import { stepsOf } from './steps.ts'
import { troublesOf } from './troubles.ts'

export interface Fired {
  readonly run: Run
  readonly seq: number
  /** It can't have begun earlier. */
  readonly fromMs: number
  readonly durationMs: number
  readonly atMs: number
  /** What shows that it was over. */
  readonly line: string
}

/** Those that were under way when their worker died, with whether each was begun anew. */
export function crossedCrashes(evidence: Evidence, timers: readonly Fired[]): { readonly timer: Fired; readonly restarted: boolean }[] {
  const { leaseMs, pollMs } = evidence.context.budget
  // By then it has been recorded: what engines are given to notice anything at all.
  const recordedMs = leaseMs + pollMs
  const crossed = timers.flatMap((timer) => {
    if (timer.durationMs < 2 * recordedMs) return []
    const crashMs = crashDuring(evidence, timer, timer.fromMs + recordedMs)
    return crashMs === null ? [] : [{ timer, crashMs }]
  })
  if (crossed.length === 0) return []
  const owners = new Set(crossed.map(({ timer }) => timer))
  const prompt = timers.filter((timer) => !owners.has(timer) && lateness(timer) < recordedMs / 2)
  return crossed.map(({ timer, crashMs }) => {
    const dueMs = timer.fromMs + timer.durationMs
    const healed = troublesOf(evidence).all.every((trouble) => trouble.untilMs <= dueMs || trouble.fromMs > timer.atMs)
    const inTime = prompt.some((other) => other.atMs >= dueMs - recordedMs && other.atMs <= timer.atMs)
    return { timer, restarted: healed && inTime && timer.atMs >= crashMs + timer.durationMs }
  })
}

const lateness = ({ fromMs, durationMs, atMs }: Fired): number => atMs - fromMs - durationMs

/** When whoever had set it died, after it was surely recorded and before it was due; null: nobody did. */
function crashDuring(evidence: Evidence, { run, fromMs, durationMs }: Fired, sinceMs: number): number | null {
  const setBy = stepsOf(evidence, run).all.findLast(({ atMs }) => atMs <= fromMs)?.source
  if (setBy === undefined) return null
  const crash = troublesOf(evidence).of(setBy).find((trouble) => !trouble.isPause && trouble.isFault && trouble.fromMs >= sinceMs && trouble.fromMs <= fromMs + durationMs)
  return crash?.fromMs ?? null
}
