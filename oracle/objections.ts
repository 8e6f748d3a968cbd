// What the invariants that failed have against each run: all of it, where a result keeps the first twenty findings. For who
// asks about one run, as a cell of the crash-point matrix does.
import type { InvariantName } from '../contract/plan.ts'
import type { InvariantResult } from '../contract/result.ts'
import type { Evidence } from './evidence.ts'
import { invariants } from './invariants/index.ts'

export interface Objection {
  readonly invariant: InvariantName
  readonly summary: string
  readonly seq: number | null
}

/** By workflow. Checks again what failed, which is rare. What a lost line could explain is no objection. */
export function objectionsByRun(evidence: Evidence, results: readonly InvariantResult[]): ReadonlyMap<string, readonly Objection[]> {
  const failed = new Set(results.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name))
  const damaged = new Set(evidence.files.filter(({ damage }) => damage.length > 0).map(({ log }) => log))
  const byRun = new Map<string, Objection[]>()
  for (const invariant of invariants) {
    const { name } = invariant
    if (!failed.has(name)) continue
    for (const { workflowId, seq, summary, doubt, missing } of invariant.check(evidence).violations) {
      if (workflowId === undefined || doubt === true || missing.some((log) => damaged.has(log))) continue
      byRun.set(workflowId, [...(byRun.get(workflowId) ?? []), { invariant: name, summary, seq: seq ?? null }])
    }
  }
  return byRun
}
