// What each fault did and how long recovery took. The engine's own share begins when everything that it may wait for is there:
// the kill, the replacement ready, the operator's call, whichever is last; the delay of the restart is the harness's choice.
import type { FaultResult } from '../../contract/result.ts'
import type { Evidence, FaultEvent, Run } from '../../oracle/evidence.ts'
import { endSeenMs, progressOf, type Progress } from './progress.ts'

export function measureRecovery(evidence: Evidence): FaultResult[] {
  const progress = new Map(evidence.runs.map((run) => [run, progressOf(evidence, run)]))
  const startMs = evidence.phases[0]?.atMs ?? 0
  return evidence.faults.map((fault) => {
    const hit = fault.appliedMs === null ? [] : evidence.runs.filter((run) => wasHit(run, progress.get(run)!, fault))
    const resumed = hit.map((run) => resumedMs(run, progress.get(run)!, fault.appliedMs!)).filter((ms) => ms !== null)
    const first = resumed.length === 0 ? null : Math.min(...resumed)
    const all = resumed.length < hit.length || resumed.length === 0 ? null : Math.max(...resumed)
    const readyMs = enginesTurnMs(evidence, fault)
    return {
      fault: fault.fault, kind: fault.kind, role: fault.role, slot: fault.slot,
      appliedAtMs: fault.appliedMs === null ? null : fault.appliedMs - startMs,
      proved: fault.provedMs !== null,
      healedAtMs: fault.healedMs === null ? null : fault.healedMs - startMs,
      workflowId: fault.workflowId, step: stepName(evidence, fault), seq: fault.seq, attempt: fault.attempt, point: fault.point,
      inFlight: hit.length,
      firstProgressMs: first === null ? null : first - fault.appliedMs!,
      engineShareMs: first === null || readyMs === null ? null : Math.max(0, first - readyMs),
      allProgressMs: all === null ? null : all - fault.appliedMs!,
      note: fault.skipped ? `skipped: ${fault.why}` : fault.why,
    }
  })
}

/** A run that the victim was at work on. One that only waited, for a signal or a timer, has no progress to make. */
function wasHit(run: Run, progress: readonly Progress[], fault: FaultEvent): boolean {
  const atMs = fault.appliedMs!
  if (fault.workflowId !== null) return run.id === fault.workflowId
  const last = progress.findLast((made) => made.atMs < atMs)
  if (last === undefined || waitsAfter(run, last.seq)) return false
  if (fault.role === 'worker' && last.source !== fault.incarnation) return false
  return (endSeenMs(run) ?? Infinity) > atMs
}

function waitsAfter(run: Run, seq: number): boolean {
  const ended = run.seen.find(({ outcome }) => outcome.status === 'completed')?.outcome
  const trace = ended?.status === 'completed' ? (ended.output as { trace?: readonly unknown[] }).trace : undefined
  const next = trace?.[seq]
  return typeof next === 'object' && next !== null && ('wait' in next || 'timer' in next)
}

function resumedMs(run: Run, progress: readonly Progress[], afterMs: number): number | null {
  const made = progress.find(({ atMs }) => atMs > afterMs)?.atMs
  const ended = endSeenMs(run)
  const times = [made, ended !== null && ended > afterMs ? ended : undefined].filter((ms) => ms !== undefined)
  return times.length === 0 ? null : Math.min(...times)
}

function enginesTurnMs({ operatorMs, lives }: Evidence, fault: FaultEvent): number | null {
  if (fault.appliedMs === null) return null
  const replacement = lives.filter((life) => life.role === 'worker' && life.slot === fault.slot && life.spawnedMs > fault.appliedMs!)[0]
  const operator = operatorMs.find((atMs) => atMs > fault.appliedMs! && atMs < (fault.healedMs ?? Infinity))
  return Math.max(fault.appliedMs, fault.role === 'worker' ? (replacement?.readyMs ?? fault.appliedMs) : (fault.healedMs ?? fault.appliedMs), operator ?? 0)
}

function stepName({ context, scenarios }: Evidence, { step, seq }: FaultEvent): string | null {
  return step ?? (seq === null ? null : (scenarios.get(context.point.scenario)?.path[seq - 1] ?? null))
}
