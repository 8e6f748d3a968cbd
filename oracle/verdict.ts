// From what checks find to verdicts: fail > unknown > pass. Damage turns what rests on absence into unknown; too few
// exposures do so at the level of an engine's run, where the points' exposures add up.
import type { Finding, InvariantResult, KnownFinding, Verdict } from '../contract/result.ts'
import type { Evidence, Log } from './evidence.ts'
import { matchKnown } from './findings.ts'
import type { Invariant, Violation } from './invariants/invariant.ts'

const findingsCap = 20
const weight: Readonly<Record<Verdict, number>> = { pass: 0, unknown: 1, fail: 2 }

/** The heaviest of the verdicts; `pass` of none. */
export function mergeVerdicts(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce((worst, verdict) => (weight[verdict] > weight[worst] ? verdict : worst), 'pass' as Verdict)
}

/** Checks one invariant; a check that throws decides nothing. */
export function judge(invariant: Invariant, evidence: Evidence, known: readonly KnownFinding[]): InvariantResult {
  const { name, reads } = invariant
  const named = evidence.context.point.invariants.includes(name)
  const damaged = new Map(evidence.files.filter((file) => file.damage.length > 0).map((file) => [file.log, `${file.file}: ${file.damage[0]!}`]))
  let checked
  try {
    checked = invariant.check(evidence)
  } catch (error) {
    return { name, named, verdict: 'unknown', exposures: 0, why: `its check failed: ${error instanceof Error ? error.message : String(error)}`, findings: [], violations: 0, measures: {} }
  }
  const { violations: found, exposures, measures } = checked
  const isDoubt = (violation: Violation): boolean => violation.doubt === true || violation.missing.some((log) => damaged.has(log))
  const doubts = found.filter(isDoubt)
  const violations = found.filter((violation) => !isDoubt(violation)).map((violation) => ({ violation, entry: matchKnown(evidence, name, violation.summary, known) }))
  // Unknown ones first, then what nobody promised: whether all are known must be seen from those that are kept.
  violations.sort((a, b) => familiarity(a.entry) - familiarity(b.entry))
  const unreadable = reads.filter((log) => damaged.has(log))
  const verdict: Verdict = violations.length > 0 ? 'fail' : doubts.length > 0 || unreadable.length > 0 ? 'unknown' : 'pass'
  return {
    name, named, verdict, exposures,
    why: whyOf(violations.length, doubts, unreadable, damaged, exposures),
    findings: [...violations.map(({ violation, entry }) => findingOf(violation, entry)), ...doubts.map((doubt) => findingOf(doubt, undefined))].slice(0, findingsCap),
    violations: violations.length,
    measures: violations.some(({ entry }) => entry !== undefined) ? { ...measures, knownViolations: violations.filter(({ entry }) => entry !== undefined).length } : measures,
  }
}

function familiarity(entry: KnownFinding | undefined): number {
  return entry === undefined ? 0 : entry.says === 'so' ? 2 : 1
}

function whyOf(violations: number, doubts: readonly Violation[], unreadable: readonly Log[], damaged: ReadonlyMap<Log, string>, exposures: number): string {
  if (violations > 0) return `${violations} violation${violations === 1 ? '' : 's'} in ${exposures} exposures`
  if (unreadable.length > 0) return `the evidence is damaged: ${unreadable.map((log) => damaged.get(log)!).join('; ')}`
  if (doubts.length > 0) return `${doubts.length} undecided: ${doubts[0]!.summary}`
  return noneIn(exposures)
}

/** What none found says: with n exposures and no failure, the rate is below 3/n with 95 % confidence. */
function noneIn(exposures: number): string {
  return exposures === 0 ? 'nothing was exposed' : `0 failures in ${exposures}: ≤ 3/${exposures}`
}

function findingOf({ summary, workflowId, seq, step, lines }: Violation, known: KnownFinding | undefined): Finding {
  return {
    summary, lines: lines.slice(0, findingsCap),
    ...(workflowId === undefined ? {} : { workflowId }),
    ...(seq === undefined ? {} : { seq }),
    ...(step === undefined ? {} : { step }),
    ...(known === undefined ? {} : { known: known.id, ...(known.says === 'so' ? { documented: true as const } : {}) }),
  }
}

/** An engine's points taken together: verdicts merge, exposures add up, and a named invariant needs enough of them. */
export function mergeEngine(points: readonly { readonly invariants: readonly InvariantResult[] }[], minExposures: number): InvariantResult[] {
  const byName = Map.groupBy(points.flatMap((point) => point.invariants), (result) => result.name)
  return [...byName.values()].map((results): InvariantResult => {
    const exposures = results.reduce((sum, result) => sum + result.exposures, 0)
    const merged = mergeVerdicts(results.map((result) => result.verdict))
    const named = results.some((result) => result.named)
    const short = named && merged === 'pass' && exposures < minExposures
    return {
      name: results[0]!.name, named, exposures,
      verdict: short ? 'unknown' : merged,
      why: short ? `${exposures} exposures, fewer than ${minExposures}` : merged === 'pass' ? noneIn(exposures) : results.find((result) => result.verdict === merged)!.why,
      findings: results.flatMap((result) => result.findings).sort((a, b) => Number(a.known !== undefined) - Number(b.known !== undefined)).slice(0, findingsCap),
      violations: results.reduce((sum, result) => sum + result.violations, 0),
      measures: {},
    }
  })
}
