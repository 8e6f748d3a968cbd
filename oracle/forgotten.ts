// What the engine's journal held before the power of its store was cut, and holds no more. Whoever could read it could act on it, so it
// was promised; unlike the claims of later steps this needs no second step to show a loss.
import { journalKinds, type Evidence, type Run } from './evidence.ts'
import type { Violation } from './invariants/invariant.ts'

export function forgotten({ journal, earlier }: Evidence, run: Run): Violation[] {
  const violations: Violation[] = []
  for (const { file, journal: before } of earlier) {
    for (let row = before.offsets[run.index]!; row < before.offsets[run.index + 1]!; row++) {
      if (holds(journal, run, before.kind[row]!, before.seq[row]!, before.nonce[row]!)) continue
      violations.push({
        summary: `the journal forgot what it held before the power was cut: ${journalKinds[before.kind[row]!]}`,
        workflowId: run.id, seq: before.seq[row]!, lines: [`${file}:${before.line[row]!}`], missing: ['journal'],
      })
    }
  }
  return violations
}

function holds(journal: Evidence['journal'], run: Run, kind: number, seq: number, nonce: number): boolean {
  for (let row = journal.offsets[run.index]!; row < journal.offsets[run.index + 1]!; row++) {
    if (journal.kind[row] === kind && journal.seq[row] === seq && journal.nonce[row] === nonce) return true
  }
  return false
}
