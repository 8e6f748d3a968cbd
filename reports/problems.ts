// What the reader must know besides the figures: violations with their evidence, unknowns, measurements that are not to be
// trusted, points that broke or never ran. Collected once, so that no report can forget one of them.
import type { Finding, Result } from '../contract/result.ts'
import type { Engine } from './engines.ts'
import { cast } from './engines.ts'

export interface Violation {
  readonly engine: Engine
  readonly point: string
  readonly invariant: string
  readonly why: string
  readonly violations: number
  readonly findings: readonly Finding[]
}

export interface Doubt {
  /** note: nothing is open, but a reader who wonders at the figures should know. */
  readonly kind: 'unknown' | 'INVALID' | 'broken' | 'interrupted' | 'not run' | 'skipped' | 'note'
  readonly where: string
  readonly why: string
}

/** Of engines; what a control violates is what it is for. */
export function violations(result: Result): Violation[] {
  return cast(result).engines.flatMap(violationsOf)
}

export function violationsOf(engine: Engine): Violation[] {
  return engine.points.flatMap((point) =>
    point.invariants
      .filter((invariant) => invariant.verdict === 'fail')
      .map((invariant) => ({ engine, point: point.id, invariant: invariant.name, why: invariant.why, violations: invariant.violations, findings: invariant.findings })),
  )
}

/** Everything that keeps a run from being a full answer, apart from violations and wholly skipped engines. */
export function doubts(result: Result): Doubt[] {
  const { engines, controls } = cast(result)
  const partly = [...engines, ...controls].filter((engine) => engine.standing !== 'skipped')
  return partly.flatMap((engine): Doubt[] => [
    ...engine.points.flatMap((point): Doubt[] => [
      ...(point.state !== 'done' ? [{ kind: point.state, where: point.id, why: point.why }] : []),
      ...(point.state === 'done' && point.expect === 'pass' && point.why !== '' ? [{ kind: 'note' as const, where: point.id, why: point.why }] : []),
      ...point.phases.filter((phase) => phase.invalid.length > 0).map((phase): Doubt => ({ kind: 'INVALID', where: `${point.id}, phase ${phase.name}`, why: phase.invalid.join('; ') })),
      ...(point.expect === 'fail' ? [] : point.invariants
        .filter((invariant) => invariant.named && invariant.verdict === 'unknown')
        .map((invariant): Doubt => ({ kind: 'unknown', where: `${point.id}, ${invariant.name}`, why: invariant.why }))),
    ]),
    ...engine.missing.map((point): Doubt => ({ kind: 'not run', where: point.id, why: 'planned, but the run ended before it' })),
  ])
}

/** `workflow s7-crash-41, step 2 charge`; empty when the finding names neither. */
export function placeOf(finding: Finding): string {
  const step = [finding.seq, finding.step].filter((part) => part !== undefined).join(' ')
  return [finding.workflowId === undefined ? '' : `workflow ${finding.workflowId}`, step === '' ? '' : `step ${step}`].filter((part) => part !== '').join(', ')
}
