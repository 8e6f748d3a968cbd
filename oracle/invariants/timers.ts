// Invariant 8. A timer, or a wait that timed out, is never over early, and recovery does not begin it anew. Judged by the world's clock
// alone: from its last answer before the timer to the next attempt that it sees. How late they are is a distribution, since engines promise little.
import { jumpedAheadMs } from '../clock-steps.ts'
import type { Evidence, Run } from '../evidence.ts'
import { firstTerminal, traceOf } from '../path.ts'
import { crossedCrashes, type Fired } from '../restarted.ts'
import { hasWaits, walk, type Position } from '../walk.ts'
import { Tally, type Invariant } from './invariant.ts'

/** Node's timers count whole milliseconds from a rounded now, so a correct one may fire this much early. */
const grainMs = 1

export const timers: Invariant = {
  name: 'timers',
  title: 'No timer fires early, or begins anew',
  holds: 'The step after a timer, or after a wait that timed out, is attempted no earlier than the answer before it plus that time, less what a wall clock jumped ahead meanwhile. A timer that was under way when its worker died is not begun anew by whoever recovers it.',
  exposure: 'Timers and timed-out waits between two things with a time.',
  reads: ['history', 'world', 'bare', 'faults'],
  check(evidence) {
    const tally = new Tally()
    const lateMs: number[] = []
    const fired: Fired[] = []
    for (const run of evidence.runs) {
      const trace = traceOf(run)
      if (trace !== null && hasWaits(trace)) checkRun(evidence, run, trace, tally, lateMs, fired)
    }
    for (const { timer: { run, seq, line }, restarted } of crossedCrashes(evidence, fired)) {
      tally.count('underWayAtACrash')
      if (restarted) tally.violate({ summary: 'a timer began anew with whoever recovered it', workflowId: run.id, seq, lines: [line], missing: ['faults', 'world'] })
    }
    tally.distribution('late', lateMs)
    return tally
  },
}

function checkRun(evidence: Evidence, run: Run, trace: Parameters<typeof walk>[2], tally: Tally, lateMs: number[], fired: Fired[]): void {
  const { positions, endFloorMs } = walk(evidence, run, trace)
  let timers: Position[] = []
  for (const position of positions) {
    if (isTimer(position)) timers.push(position)
    // After a signal, its sending decides, not the timers before it: the floor holds for all of them.
    else if (position.attempt !== undefined) {
      judge(evidence, run, timers, position.floorMs, position.attempt.atMs, position.attempt.line, tally, lateMs)
      const [timer] = timers
      if (timers.length === 1) fired.push({ run, seq: timer!.seq, fromMs: timer!.floorMs, durationMs: position.floorMs - timer!.floorMs, atMs: position.attempt.atMs, line: position.attempt.line })
      timers = []
    }
  }
  const seen = firstTerminal(run)!
  // When a reader looked says little about lateness.
  judge(evidence, run, timers, endFloorMs, seen.atMs, `history.jsonl#${seen.n}`, tally, null)
}

function judge(evidence: Evidence, run: Run, timers: readonly Position[], floorMs: number, nextMs: number, line: string, tally: Tally, lateMs: number[] | null): void {
  if (timers.length === 0 || floorMs === -Infinity) return
  tally.exposures += timers.length
  lateMs?.push(nextMs - floorMs)
  if (nextMs >= floorMs - grainMs) return
  if (nextMs >= floorMs - grainMs - jumpedAheadMs(evidence, timers[0]!.floorMs, nextMs)) return tally.count('earlyByAClockStep')
  tally.violate({ summary: 'a timer fired early', workflowId: run.id, seq: timers[0]!.seq, lines: [line], missing: [] })
}

function isTimer({ entry }: Position): boolean {
  return typeof entry === 'object' && ('timer' in entry || ('wait' in entry && entry.signalId === null && entry.timeoutMs !== null))
}
