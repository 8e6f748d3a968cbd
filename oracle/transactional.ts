// Transactional steps: effect and record are one commit, so the effect is there exactly once, whatever happened, and never
// without a record. No fault excuses anything here.
import type { Evidence, Run } from './evidence.ts'
import { outputIn, traceOf } from './path.ts'
import type { Tally } from './invariants/invariant.ts'

/** What the store holds of the run, against what its outcome tells. */
export function transactional({ booked }: Evidence, run: Run, tally: Tally): void {
  if (booked === null) return
  const rows = booked.get(run.id) ?? new Map<string, readonly number[]>()
  const line = (key: string): string[] => (rows.get(key) ?? []).map((n) => `table.jsonl:${n}`)
  for (const [key, found] of rows) {
    if (found.length > 1) tally.violate({ summary: `a transactional effect took place ${found.length} times: ${key}`, workflowId: run.id, lines: line(key), missing: [] })
  }
  const trace = traceOf(run)
  if (trace === null) return
  const told = new Set(trace.flatMap((entry) => (typeof entry === 'object' && 'rows' in entry ? [entry.rows] : [])))
  const outcome = run.seen.filter((seen) => outputIn(seen) !== null).slice(0, 1).map(({ n }) => `history.jsonl#${n}`)
  tally.exposures += told.size
  for (const key of told) if (!rows.has(key)) tally.violate({ summary: `a transactional step of the outcome left no effect: ${key}`, workflowId: run.id, lines: outcome, missing: ['table'] })
  for (const key of rows.keys()) if (!told.has(key)) tally.violate({ summary: `the store holds an effect that the outcome does not tell of: ${key}`, workflowId: run.id, lines: [...line(key), ...outcome], missing: [] })
}
