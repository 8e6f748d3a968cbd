// What each shot of the crash-point matrix showed: where the crash was, by the ledger and by what the engine kept; how many
// crashes the run met; and what the oracle has against it. It judges nothing itself.
import type { FailPoint } from '../../contract/driver.ts'
import type { MatrixPart, PlannedFault } from '../../contract/plan.ts'
import type { Shot } from '../../contract/matrix.ts'
import type { FaultResult, InvariantResult } from '../../contract/result.ts'
import type { Evidence, FaultEvent, Run } from '../../oracle/evidence.ts'
import { objectionsByRun, type Objection } from '../../oracle/objections.ts'
import { recordedNonces } from '../../oracle/path.ts'
import { stepsOf } from '../../oracle/steps.ts'
import { boundTo, type AtFailpoint } from '../failpoints.ts'
import { pathOf } from '../plans/matrix-sites.ts'
import { endSeenMs, progressOf } from './progress.ts'
import { repeatedOf, said } from './repetitions.ts'

type Aimed = PlannedFault & { readonly trigger: AtFailpoint }

/** Undefined where the point is no part of the matrix. */
export function measureShots(evidence: Evidence, invariants: readonly InvariantResult[], faults: readonly FaultResult[]): Shot[] | undefined {
  const { matrix, chaos } = evidence.context.point
  if (matrix === undefined) return undefined
  const objections = objectionsByRun(evidence, invariants)
  return chaos.faults.filter(isShot).map((planned) => shotOf(evidence, matrix, planned, objections, faults.find(({ fault }) => fault === planned.id)))
}

/** A failpoint that does not come after another. */
export function isShot(planned: PlannedFault): planned is Aimed {
  return planned.trigger.at === 'failpoint' && planned.trigger.after === undefined
}

function shotOf(evidence: Evidence, part: MatrixPart, planned: Aimed, objections: ReadonlyMap<string, readonly Objection[]>, measured: FaultResult | undefined): Shot {
  const { context: { point, runId, seed }, scenarios } = evidence
  const { seq, point: aimed } = planned.trigger
  const workflowId = boundTo(point, runId, planned.trigger)
  const run = evidence.runOf(workflowId)
  const event = evidence.faults.find(({ fault }) => fault === planned.id)
  const scenario = scenarios.get(point.scenario)
  const path = scenario === undefined ? [] : pathOf(scenario, seed, Number(workflowId.slice(runId.length + 1)), point.params)
  const about = {
    ...part, fault: planned.id, workflowId, seq, aimed,
    step: aimed === 'body-returns' ? null : (path[seq - 1] ?? null),
    firstProgressMs: measured?.firstProgressMs ?? null, engineShareMs: measured?.engineShareMs ?? null,
  }
  const met = run === undefined ? 0 : crashesOf(evidence, run)
  const missed = (why: string): Shot => ({ ...about, observed: null, met, outcome: 'unknown', repeated: [], why })
  if (run === undefined) return missed('its run was never started')
  if (event?.appliedMs == null || event.provedMs === null || event.skipped) return missed(event === undefined || event.why === '' ? 'the crash was not proved' : event.why)
  const observed = whereAt(evidence, run, event, aimed, part.victim)
  if (observed === null) return missed(`the ledger contradicts a crash ${aimed} of seq ${seq}`)
  if (met !== part.crashes) return missed(met < part.crashes ? `met ${met} of ${part.crashes} crashes: ${secondOf(evidence, planned)}` : `met ${met} crashes, ${part.crashes} planned`)
  const repeated = repeatedOf(evidence, run)
  const against = [...objections].filter(([id]) => id === run.id || id.startsWith(`${run.id}/`)).flatMap(([, found]) => found)
  return { ...about, observed, met, repeated, ...judged(evidence, run, against, repeated) }
}

/** null: what the ledger holds can't be, if the crash was where it is said to have been. */
function whereAt(evidence: Evidence, run: Run, { seq, appliedMs }: FaultEvent, aimed: FailPoint, victim: MatrixPart['victim']): FailPoint | null {
  const made = stepsOf(evidence, run).bySeq.get(seq!)?.filter(({ atMs }) => atMs < appliedMs!) ?? []
  if (aimed === 'body-returns') return aimed
  if (aimed === 'op-begins' || aimed === 'before-effect') return made.length === 0 ? aimed : null
  const answered = made.flatMap(({ nonce }) => nonce ?? [])
  if (answered.length === 0) return null
  // A worker that outlives its service may record the reply later: what was kept then says nothing about when.
  if (victim !== 'worker') return aimed
  // The recorder's race is decided by what the engine kept.
  if (answered.some((nonce) => recordedNonces(evidence, run).has(nonce))) return aimed === 'after-return' ? aimed : null
  return 'after-effect'
}

/** Faults, and deaths that nobody planned, of what the run was at work on. */
function crashesOf(evidence: Evidence, run: Run): number {
  const progress = progressOf(evidence, run)
  const begunMs = Math.min(...run.starts.map(({ invokedMs }) => invokedMs))
  const endedMs = endSeenMs(run) ?? Infinity
  const wasOn = (incarnation: string | null, atMs: number): boolean => progress.findLast((made) => made.atMs < atMs)?.source === incarnation
  const faults = evidence.faults.filter(({ role, workflowId, incarnation, appliedMs, skipped }) =>
    !skipped && appliedMs !== null && appliedMs > begunMs && appliedMs < endedMs && (workflowId === run.id || role !== 'worker' || wasOn(incarnation, appliedMs)))
  const unasked = evidence.lives.filter(({ role, incarnation, exitedMs, expected }) =>
    role === 'worker' && !expected && exitedMs !== null && exitedMs > begunMs && exitedMs < endedMs && wasOn(incarnation, exitedMs))
  return faults.length + unasked.length
}

function secondOf(evidence: Evidence, { id }: PlannedFault): string {
  const second = evidence.context.point.chaos.faults.find(({ trigger }) => trigger.at === 'failpoint' && trigger.after === id)
  return evidence.faults.find(({ fault }) => fault === second?.id)?.why ?? 'the second one did not come'
}

function judged(evidence: Evidence, run: Run, against: readonly Objection[], repeated: Shot['repeated']): Pick<Shot, 'outcome' | 'why'> {
  const doubled = repeated.filter(({ effects }) => effects > 1)
  const why = [...against.map(({ invariant, summary, seq }) => `${invariant}: ${summary}${seq === null ? '' : ` (seq ${seq})`}`), ...said(evidence, repeated)].join('; ')
  if (against.length === 0) return { outcome: doubled.length > 0 ? 'twice' : 'once', why }
  const objected = new Set(against.map(({ invariant }) => invariant))
  const absent = run.seen.at(-1)?.outcome.status === 'absent'
  if (objected.has('claimed') || (objected.has('admission') && absent)) return { outcome: 'lost', why }
  const others = [...objected].filter((name) => name !== 'admission' && name !== 'liveness')
  if (others.length === 0) return { outcome: endSeenMs(run) === null || objected.has('liveness') ? 'stuck' : 'wrong', why }
  return { outcome: doubled.length > 0 && others.every((name) => name === 'effects') ? 'twice' : 'wrong', why }
}
