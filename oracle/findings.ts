// Known findings: violations of real engines that are understood and reproduced. A match is exact in driver, versions,
// invariant, fault and the beginning of the summary, so that a new violation never hides behind an old one; it stays `fail`.
import type { InvariantName } from '../contract/plan.ts'
import type { KnownFinding } from '../contract/result.ts'
import { sameJson } from './equal.ts'
import type { Evidence } from './evidence.ts'

/** The entry that a violation matches, if any. */
export function matchKnown(evidence: Evidence, invariant: InvariantName, summary: string, known: readonly KnownFinding[]): KnownFinding | undefined {
  const { name, versions } = evidence.context.driver
  return known.find((entry) =>
    entry.driver === name && entry.invariant === invariant && summary.startsWith(entry.summary) && sameJson(entry.versions, versions) && hadFault(evidence, entry.fault))
}

/** `fault` is kind and role, e.g. `kill worker`; what shows without any fault shows beside any, too. */
function hadFault({ faults }: Evidence, fault: string): boolean {
  return fault === 'none' || faults.some(({ kind, role, appliedMs, skipped }) => appliedMs !== null && !skipped && `${kind} ${role}` === fault)
}
