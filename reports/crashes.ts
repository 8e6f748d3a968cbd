// What was broken, what it cost and how long it took: sums over the faults of an engine's points. Medians are taken over
// faults that showed progress; those that showed none are counted beside them, never left out in silence.
import type { FaultResult, PointResult } from '../contract/result.ts'

export interface Spread {
  readonly n: number
  readonly median: number
  readonly max: number
}

export interface CrashSite {
  /** `kill worker`, `restart store`. */
  readonly what: string
  /** `3 charge`; empty when it was not bound to a step. */
  readonly step: string
  /** `after-effect`; `by time or event` when no failpoint fired it. */
  readonly point: string
  readonly planned: number
  readonly proved: number
}

export interface CrashCosts {
  readonly injected: number
  readonly proved: number
  readonly sites: readonly CrashSite[]
  readonly duplicates: PointResult['duplicates']
  /** From the fault to the first progress of a run that was in flight. */
  readonly recovery: Spread | null
  /** The engine's own share of it. */
  readonly engineShare: Spread | null
  /** Until every run in flight had moved on. */
  readonly allRuns: Spread | null
  /** Proved faults with runs in flight after which no progress was seen. */
  readonly noProgress: number
}

/** Of points of one leg, or of one engine. Pauses are faults but no crashes: they are left to the table of faults. */
export function crashCosts(points: readonly PointResult[]): CrashCosts {
  const crashes = points.flatMap((point) => point.faults).filter((fault) => fault.kind !== 'pause')
  const proved = crashes.filter((fault) => fault.proved)
  const duplicates = { unkeyedEffects: 0, keyedAttempts: 0, bareSteps: 0, crashes: 0, extraModelMicros: 0 }
  for (const point of points) {
    for (const name of Object.keys(duplicates) as (keyof typeof duplicates)[]) duplicates[name] += point.duplicates[name]
  }
  return {
    injected: crashes.filter((fault) => fault.appliedAtMs !== null).length,
    proved: proved.length,
    sites: sites(crashes),
    duplicates,
    recovery: spread(proved.map((fault) => fault.firstProgressMs)),
    engineShare: spread(proved.map((fault) => fault.engineShareMs)),
    allRuns: spread(proved.map((fault) => fault.allProgressMs)),
    noProgress: proved.filter((fault) => fault.inFlight > 0 && fault.firstProgressMs === null).length,
  }
}

/** `3 charge`; empty when a fault was not bound to a step. */
export function stepOf(fault: FaultResult): string {
  return [fault.seq, fault.step].filter((part) => part !== null).join(' ')
}

function sites(faults: readonly FaultResult[]): CrashSite[] {
  const found = new Map<string, { what: string; step: string; point: string; seq: number; planned: number; proved: number }>()
  for (const fault of faults) {
    const what = `${fault.kind} ${fault.role}`
    const step = stepOf(fault)
    const point = fault.point ?? 'by time or event'
    const key = [what, step, point].join('/')
    const site = found.get(key) ?? { what, step, point, seq: fault.seq ?? 0, planned: 0, proved: 0 }
    site.planned++
    if (fault.proved) site.proved++
    found.set(key, site)
  }
  return [...found.values()].sort((a, b) => a.what.localeCompare(b.what) || a.seq - b.seq)
}

/** null when there is nothing to spread. */
export function spread(values: readonly (number | null)[]): Spread | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b)
  const low = sorted[Math.floor((sorted.length - 1) / 2)]
  const high = sorted[Math.floor(sorted.length / 2)]
  const max = sorted.at(-1)
  return low === undefined || high === undefined || max === undefined ? null : { n: sorted.length, median: (low + high) / 2, max }
}
