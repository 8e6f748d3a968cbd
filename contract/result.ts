// What a run leaves behind: results/<run>/result.json, made of points that were journaled one by one (points.jsonl), so a
// killed run can still be reported. reports/ reads this and nothing else. JSON Schema: reports/result.schema.json.
import type { Json } from './json.ts'
import type { Cell, Shot } from './matrix.ts'
import type { InvariantName, Plan } from './plan.ts'
import type { Capability, FailPoint, Promises, Support } from './driver.ts'

export type Verdict = 'pass' | 'unknown' | 'fail'

export interface Finding {
  readonly summary: string
  readonly workflowId?: string
  readonly seq?: number
  readonly step?: string
  /** `<file>:<line>` or `<file>#<n>` in the point's folder. */
  readonly lines: readonly string[]
  /** The id of an entry of findings.json that it matches exactly. */
  readonly known?: string
  /** Known, and the makers' page says that it is so: a promise is not broken by it. */
  readonly documented?: true
}

export interface InvariantResult {
  readonly name: InvariantName
  readonly verdict: Verdict
  /** How many operations were in its vulnerable interval. */
  readonly exposures: number
  /** Does the plan name it for this point? */
  readonly named: boolean
  readonly why: string
  /** At most 20; `violations` has the count. */
  readonly findings: readonly Finding[]
  readonly violations: number
  /** Figures of its own: duplicate rate, lateness, … in the units that their names carry. */
  readonly measures: Readonly<Record<string, number>>
}

/** An HDR histogram of microseconds: compressed base64 of hdr-histogram-js, and what a chart needs without decoding it. */
export interface HistogramResult {
  readonly hdr: string
  readonly count: number
  readonly minUs: number
  readonly p50Us: number
  readonly p90Us: number
  readonly p99Us: number
  readonly p999Us: number
  readonly maxUs: number
  /** [upper bound µs, count] per non-empty bucket, for charts. */
  readonly buckets: readonly (readonly [number, number])[]
}

export interface PhaseResult {
  readonly name: string
  readonly kind: 'closed' | 'open' | 'batches'
  /** As planned: not meant as a figure of the engine. */
  readonly aside: boolean
  readonly seconds: number
  /** Open phases only. */
  readonly offeredPerSecond: number | null
  readonly started: number
  readonly completed: number
  /** Steps that the ledger saw, the journal returned with their nonce and no invariant objects to, per second of the window. */
  readonly verifiedStepsPerSecond: number | null
  readonly verifiedTransitionsPerSecond: number | null
  /** From the intended start to the world's receipt of the last effect (the headline); absent when no effect has a time. */
  readonly effectLatency: HistogramResult | null
  /** From the intended start to the end as a follower saw it. */
  readonly endLatency: HistogramResult | null
  /** From the intended start to its acknowledgement. */
  readonly acceptLatency: HistogramResult | null
  /** Issued minus intended: the generator's own lateness. */
  readonly scheduleLag: HistogramResult | null
  readonly generatorCpuShare: number
  /** Reasons why the measurement (not the engine) is not to be trusted; empty: valid. */
  readonly invalid: readonly string[]
}

export interface FaultResult {
  readonly fault: string
  readonly kind: string
  readonly role: string
  readonly slot: number | null
  readonly appliedAtMs: number | null
  readonly proved: boolean
  readonly healedAtMs: number | null
  readonly workflowId: string | null
  readonly step: string | null
  readonly seq: number | null
  readonly attempt: number | null
  readonly point: string | null
  /** Runs in flight when it was applied. */
  readonly inFlight: number
  /** From the kill to the first progress of a run that was in flight, anywhere; null: none was seen. */
  readonly firstProgressMs: number | null
  /** The engine's own share: from the last before it of kill, replacement ready and operator's call, to the same. */
  readonly engineShareMs: number | null
  /** Until every run in flight at the fault had made progress or ended. */
  readonly allProgressMs: number | null
  /** Until every run in flight at the fault had begun a step that it had not begun before, or ended: what it waits for after its step was repeated counts, too. */
  readonly newWorkMs: number | null
  /** The engine's own share of it. */
  readonly newWorkShareMs: number | null
  /** Of the runs in flight, those whose step in flight another worker attempted. */
  readonly takenOver: number
  /** When an operator was called for the victim's runs; null: never. */
  readonly operatorAtMs: number | null
  readonly note: string
}

/** Completions and faults over time, for the timeline chart. Times in ms from the point's start. */
export interface Timeline {
  readonly binMs: number
  /** Runs that ended, per bin. */
  readonly ended: readonly number[]
  /** Effects applied, per bin. */
  readonly applied: readonly number[]
  readonly marks: readonly { atMs: number; untilMs: number | null; label: string; kind: string }[]
}

export interface Surface {
  readonly processes: readonly string[]
  readonly stores: readonly string[]
  readonly coldStartMs: number | null
  readonly idleRssMb: number | null
  readonly idleCpuShare: number | null
  readonly cpuSecondsPerThousandTransitions: number | null
  readonly walBytesPerTransition: number | null
  readonly listeners: number | null
  readonly tables: number | null
}

/** What a point's top-level runs did, as their traces and the history tell; a run may count in several. */
export interface RunMix {
  readonly runs: number
  /** Attempts that a ledger saw. */
  readonly steps: number
  /** Waited for a signal or a timer. */
  readonly waited: number
  readonly signalled: number
  readonly cancelled: number
  readonly transactional: number
  /** In any of the four. */
  readonly mixed: number
}

export interface PointResult {
  readonly id: string
  readonly planHash: string
  readonly leg: string
  readonly driver: string
  readonly variant: string
  readonly scenario: string
  readonly expect: 'pass' | 'fail'
  /** skipped: `why` says what is missing and how to get it. broken: the harness or driver failed; why has the error. */
  readonly state: 'done' | 'skipped' | 'broken' | 'interrupted'
  readonly why: string
  readonly verdict: Verdict
  readonly invariants: readonly InvariantResult[]
  readonly phases: readonly PhaseResult[]
  readonly faults: readonly FaultResult[]
  readonly timeline: Timeline | null
  readonly surface: Surface | null
  /** Extra runs of effects: what at-least-once cost. */
  readonly duplicates: { readonly unkeyedEffects: number; readonly keyedAttempts: number; readonly bareSteps: number; readonly crashes: number; readonly extraModelMicros: number }
  /** Absent where nothing was judged. */
  readonly mix?: RunMix
  /** Of a part of the crash-point matrix. */
  readonly shots?: readonly Shot[]
  readonly seconds: number
}

export interface DriverResult {
  readonly name: string
  readonly title: string
  readonly versions: Readonly<Record<string, string>>
  readonly placement: string
  readonly settings: readonly { name: string; value: string; why: string }[]
  readonly capabilities: Readonly<Record<Capability, Support>>
  readonly promises: Promises
  /** In what it differs from what its users run (`dev server, SQLite`): part of its title, and its rates are no headline. */
  readonly caveat?: string
  /** Points of a crash that this driver can't hit exactly. */
  readonly approximate?: readonly FailPoint[]
  /** From the first point that was skipped; empty if it ran. */
  readonly skipped: string
}

export interface Result {
  readonly schemaVersion: 1
  readonly run: {
    readonly id: string
    readonly startedAt: string
    readonly seconds: number
    readonly command: string
    readonly seed: number
    readonly git: { readonly revision: string; readonly dirty: boolean } | null
    readonly fingerprint: Readonly<Record<string, Json>>
    readonly exitCode: number
    readonly reasons: readonly string[]
    readonly interrupted: boolean
  }
  readonly plan: Plan
  readonly drivers: readonly DriverResult[]
  readonly points: readonly PointResult[]
  /** The crash-point matrix, where the plan has one. */
  readonly matrix?: readonly Cell[]
}

/** An entry of findings.json: a violation of a real engine, understood, reproduced, and accepted under --accept-findings. */
export interface KnownFinding {
  readonly id: string
  readonly driver: string
  /** Exact engine version as in DriverResult.versions. */
  readonly versions: Readonly<Record<string, string>>
  readonly invariant: InvariantName
  /** Kind and role of the fault under which it shows, e.g. `kill worker`; `none`: it needs no fault. */
  readonly fault: string
  /** The violation's summary begins with this. */
  readonly summary: string
  readonly reproduce: string
  /** The makers' own page about it, and whether what was found is as it says. */
  readonly page: string
  readonly says: 'so' | 'otherwise' | 'nothing'
}
