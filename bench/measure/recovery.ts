// What each fault did and how long recovery took, from when its victim had stopped: a worker goes on until it is dead, which takes a
// container a third of a second. The engine's own share begins when everything that it may wait for is there: the death, the
// replacement ready, the operator's call, whichever is last before it; the delay of the restart is the harness's choice.
import type { FaultResult } from '../../contract/result.ts'
import type { Evidence, FaultEvent, Run } from '../../oracle/evidence.ts'
import { inputOf } from '../../oracle/input.ts'
import { endSeenMs, progressOf, type Progress } from './progress.ts'

export function measureRecovery(evidence: Evidence): FaultResult[] {
  const progress = new Map(evidence.runs.map((run) => [run, progressOf(evidence, run)]))
  const startMs = evidence.phases[0]?.atMs ?? 0
  return evidence.faults.map((fault) => {
    const fromMs = stoppedMs(evidence, fault)
    const hit = fromMs === null ? [] : evidence.runs.filter((run) => wasHit(run, progress.get(run)!, fault, fromMs))
    const resumed = hit.map((run) => resumedMs(run, progress.get(run)!, fromMs!)).filter((ms) => ms !== null)
    const first = resumed.length === 0 ? null : Math.min(...resumed)
    const all = resumed.length < hit.length || resumed.length === 0 ? null : Math.max(...resumed)
    const operatorMs = fromMs === null ? null : operatorOf(evidence, fault, fromMs)
    const share = (untilMs: number | null): number | null => (untilMs === null ? null : untilMs - enginesTurnMs(evidence, fault, fromMs!, operatorMs, untilMs))
    const begun = hit.map((run) => newWorkMs(run, progress.get(run)!, fromMs!))
    const atWork = begun.length === 0 || begun.includes(null) ? null : Math.max(...begun.map((ms) => ms!))
    return {
      fault: fault.fault, kind: fault.kind, role: fault.role, slot: fault.slot,
      appliedAtMs: fault.appliedMs === null ? null : fault.appliedMs - startMs,
      proved: fault.provedMs !== null,
      healedAtMs: fault.healedMs === null ? null : fault.healedMs - startMs,
      workflowId: fault.workflowId, step: stepName(evidence, fault), seq: fault.seq, attempt: fault.attempt, point: fault.point,
      inFlight: hit.length,
      firstProgressMs: first === null ? null : first - fromMs!,
      engineShareMs: share(first),
      allProgressMs: all === null ? null : all - fromMs!,
      newWorkMs: atWork === null ? null : atWork - fromMs!,
      newWorkShareMs: share(atWork),
      takenOver: hit.filter((run) => wasTakenOver(progress.get(run)!, fault, fromMs!)).length,
      operatorAtMs: operatorMs === null ? null : operatorMs - startMs,
      note: fault.skipped ? `skipped: ${fault.why}` : fault.why,
    }
  })
}

/** Faults that end their victim, some of them not at once. */
const ends: ReadonlySet<FaultEvent['kind']> = new Set(['kill', 'terminate', 'deploy', 'out-of-memory'])

function stoppedMs({ lives }: Evidence, { kind, role, incarnation, appliedMs, provedMs }: FaultEvent): number | null {
  if (role !== 'worker' || appliedMs === null) return appliedMs
  if (kind === 'pause') return provedMs ?? appliedMs
  return (ends.has(kind) ? lives.find((life) => life.incarnation === incarnation)?.exitedMs : null) ?? appliedMs
}

/** A run that the victim was at work on. One that only waited, for a signal or a timer, has no progress to make. */
function wasHit(run: Run, progress: readonly Progress[], fault: FaultEvent, atMs: number): boolean {
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

/** When every wait that a fault may have brought is over, a queue's or a cache's too: the run is at something new, or at its end. */
function newWorkMs(run: Run, progress: readonly Progress[], afterMs: number): number | null {
  const begun = Math.max(0, ...progress.filter(({ atMs }) => atMs <= afterMs).map(({ seq }) => seq))
  const made = progress.find(({ atMs, seq }) => atMs > afterMs && seq > begun)?.atMs
  const ended = endSeenMs(run)
  const times = [made, ended !== null && ended > afterMs ? ended : undefined].filter((ms) => ms !== undefined)
  return times.length === 0 ? null : Math.min(...times)
}

/** Another worker attempted what the victim was at. */
function wasTakenOver(progress: readonly Progress[], { incarnation }: FaultEvent, fromMs: number): boolean {
  const at = progress.findLast(({ atMs }) => atMs < fromMs)
  return at !== undefined && progress.some(({ atMs, seq, source }) => atMs > fromMs && seq === at.seq && source !== null && source !== incarnation)
}

/** Who was called for what this victim left. */
function operatorOf({ operators }: Evidence, { incarnation }: FaultEvent, fromMs: number): number | null {
  return operators.find((call) => call.atMs > fromMs && (call.incarnation === null || call.incarnation === incarnation))?.atMs ?? null
}

/** When the last thing came that it may have waited for: what came after `untilMs` was not waited for. */
function enginesTurnMs({ lives }: Evidence, { role, slot, healedMs }: FaultEvent, fromMs: number, operatorMs: number | null, untilMs: number): number {
  const replacement = lives.find((life) => life.role === 'worker' && life.slot === slot && life.spawnedMs > fromMs)
  const ready = role === 'worker' ? replacement?.readyMs : healedMs
  return Math.max(fromMs, ...[ready, operatorMs].filter((ms) => ms != null && ms <= untilMs).map((ms) => ms!))
}

function stepName(evidence: Evidence, { step, seq, workflowId }: FaultEvent): string | null {
  const scenario = evidence.scenarios.get(evidence.context.point.scenario)
  if (step !== null || seq === null || scenario === undefined) return step
  const path = workflowId === null ? undefined : scenario.pathOf?.(inputOf(evidence, scenario, workflowId))
  return (path ?? scenario.path)[seq - 1] ?? null
}
