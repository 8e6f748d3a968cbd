// How verdicts of several points become one, and how they are written. Symbols stand beside every colour, since colour
// alone is lost on paper, in logs and on many eyes.
import type { InvariantName } from '../contract/plan.ts'
import type { InvariantResult, PointResult, Verdict } from '../contract/result.ts'

export type Standing = Verdict | 'skipped'

export const symbols: Readonly<Record<Standing, string>> = { pass: '✔', fail: '✘', unknown: '?', skipped: '–' }

/** In the order in which reports show them: what each one demands, in a line. */
export const invariantTitles: Readonly<Record<InvariantName, string>> = {
  admission: 'Each acknowledged start exists and ends; each rejected one never runs',
  effects: 'Keyed effects exactly once; every extra attempt has a cause of its own',
  claimed: 'A step that was recorded is never attempted again',
  stability: 'Journal, ledger and output tell one and the same path',
  order: 'A step begins after its predecessor was answered',
  signals: 'An accepted signal is seen exactly once, whenever it was sent',
  races: 'Of two rival signals one decides, and everybody agrees which',
  timers: 'Never early; a recovery does not restart the clock',
  fencing: 'Nothing that a superseded worker does is recorded',
  finality: 'An outcome, once read, stays; nothing runs after it',
  cancel: 'After a seen cancellation nothing starts; compensations run once, in reverse',
  orphans: 'Branches and children all end, by the declared policy',
  'start-dedup': 'One id, started by many clients at once, is one run',
  conservation: 'For each run: charges − refunds = what its outcome says was kept',
  liveness: 'After the last fault healed, everything admitted ends in time',
  evidence: 'The logs themselves are whole: no gap, no torn line',
  outcome: 'A run comes to what its input can come to; what failed was tried as often as promised',
}

/** fail > unknown > pass; of nothing: unknown. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('fail')) return 'fail'
  return verdicts.length === 0 || verdicts.includes('unknown') ? 'unknown' : 'pass'
}

export interface InvariantPart {
  readonly point: PointResult
  readonly result: InvariantResult
}

export interface MergedInvariant {
  readonly name: InvariantName
  readonly verdict: Verdict
  /** Where the parts alone don't say: too few exposures in all; else empty. */
  readonly why: string
  /** Whether the plan named it for any of the points. */
  readonly named: boolean
  readonly exposures: number
  readonly violations: number
  /** Every finding that is listed matches an entry of findings.json, and none is left unlisted. */
  readonly allKnown: boolean
  /** The same, and their makers say so: nothing that was promised is broken. */
  readonly allDocumented: boolean
  readonly parts: readonly InvariantPart[]
}

/**
 * One verdict an invariant over an engine's points. A failure counts wherever it was seen; otherwise only the points speak
 * that were asked to expose the invariant, since the others lack exposures by design. Too few exposures in all: unknown.
 */
export function mergedInvariants(points: readonly PointResult[], minExposures: number): MergedInvariant[] {
  const merged: MergedInvariant[] = []
  for (const name of Object.keys(invariantTitles) as InvariantName[]) {
    const parts = points.flatMap((point) => point.invariants.filter((result) => result.name === name).map((result) => ({ point, result })))
    if (parts.length === 0) continue
    const asked = parts.filter((part) => part.result.named)
    const failed = parts.filter((part) => part.result.verdict === 'fail')
    const judges = failed.length > 0 ? failed : asked.length > 0 ? asked : parts
    const violations = sum(parts, (part) => part.result.violations)
    const exposures = sum(parts, (part) => part.result.exposures)
    const verdict = worst(judges.map((part) => part.result.verdict))
    const short = verdict === 'pass' && asked.length > 0 && exposures < minExposures
    // The least familiar stand first, and doubts behind them.
    const listed = failed.flatMap(({ result }) => result.findings.slice(0, result.violations))
    merged.push({
      name,
      verdict: short ? 'unknown' : verdict,
      why: short ? `${exposures} exposures, fewer than the ${minExposures} that the plan asks for` : '',
      named: asked.length > 0,
      exposures,
      violations,
      allKnown: listed.length > 0 && listed.every(({ known }) => known !== undefined),
      allDocumented: listed.length > 0 && listed.every(({ documented }) => documented),
      parts,
    })
  }
  return merged
}

/** The named invariant that had the fewest exposures, all points taken together: the weakest place of what is claimed. */
export function lowestExposure(points: readonly PointResult[]): MergedInvariant | null {
  const asked = mergedInvariants(points, 0).filter((merged) => merged.named)
  return asked.reduce<MergedInvariant | null>((least, merged) => (least === null || merged.exposures < least.exposures ? merged : least), null)
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}
