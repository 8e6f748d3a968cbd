// Results as the default plan leaves them, for the tests of this room: a healthy one (three engines, a control) and a troubled
// one (a violation, a skipped engine, a broken point, an invalid measurement). The figures are invented.
import type { Capability, Promises, Support } from '../contract/driver.ts'
import type { InvariantName, Plan, Point } from '../contract/plan.ts'
import type { DriverResult, FaultResult, Finding, InvariantResult, PhaseResult, PointResult, Result } from '../contract/result.ts'
import { random } from '../contract/random.ts'
import { histogram } from './sample-histogram.test-data.ts'
import { sampleMatrix } from './sample-matrix.test-data.ts'

const capabilities: readonly Capability[] = ['step', 'all', 'transact', 'sleep', 'signal-once', 'signal-stream', 'signal-early', 'signal-dedup', 'child', 'uncancellable', 'renew', 'cancel', 'start-dedup', 'journal', 'takeover', 'upgrade']
const named: readonly InvariantName[] = ['admission', 'effects', 'claimed', 'stability', 'order', 'signals', 'finality', 'conservation', 'liveness', 'evidence']
const checked: readonly InvariantName[] = [...named, 'timers', 'fencing', 'orphans', 'start-dedup']

const violation: Finding = {
  summary: 'effect of a keyed step was applied twice: charge of $12.40 <b>and</b> again',
  workflowId: 's7-crash-41', seq: 2, step: 'charge', lines: ['world.jsonl:812', 'world.jsonl:1190', 'journal.jsonl#77'],
}

function promises(page: string): Promises {
  return {
    effects: { value: 'at-least-once', page }, cancel: { value: 'boundary', page }, orphans: { value: 'abandon', page },
    startDedup: { value: 'for as long as the row is kept', page }, timerGrainMs: { value: 1_000, page }, limits: { value: 'none stated', page },
    recovery: { value: { who: 'engine', afterMs: 2_000 }, page }, fencing: { value: 'worker row, checked in each commit', page },
  }
}

function driver(name: string, title: string, placement: string, changes: Partial<DriverResult> = {}): DriverResult {
  const support = (capability: Capability): Support => (capability === 'transact' ? 'absent' : capability === 'signal-dedup' ? 'emulated' : 'native')
  return {
    name, title, placement, versions: { [name]: '1.2.3', node: '24.21.0' }, settings: [{ name: 'pool size', value: '20', why: 'the default of 10 starves 50 runs in flight' }],
    capabilities: Object.fromEntries(capabilities.map((capability) => [capability, support(capability)])) as Record<Capability, Support>,
    promises: promises(name === 'homegrown' ? 'ours' : `https://docs.example.org/${name}/guarantees`), skipped: '', ...changes,
  }
}

export function invariant(name: InvariantName, changes: Partial<InvariantResult> = {}): InvariantResult {
  return { name, verdict: 'pass', exposures: 312, named: named.includes(name), why: 'every operation agreed with the ledger', findings: [], violations: 0, measures: {}, ...changes }
}

function invariants(verdictsLike: Partial<Record<InvariantName, Partial<InvariantResult>>> = {}): InvariantResult[] {
  return checked.map((name) => invariant(name, { ...(name === 'fencing' ? { exposures: 3, verdict: 'unknown', why: '3 exposures, 30 are asked for' } : {}), ...(name === 'effects' ? { measures: { duplicateShare: 0.0132, keyedReplays: 4 } } : {}), ...verdictsLike[name] }))
}

export function phase(name: string, kind: PhaseResult['kind'], stepsPerSecond: number, medianMs: number, changes: Partial<PhaseResult> = {}): PhaseResult {
  const latency = kind === 'open' ? histogram(`${name}/${stepsPerSecond}`, medianMs, 2_000) : null
  return {
    name, kind, aside: false, seconds: 20, offeredPerSecond: kind === 'open' ? stepsPerSecond / 12 : null, started: Math.round(stepsPerSecond * 2), completed: Math.round(stepsPerSecond * 2),
    verifiedStepsPerSecond: stepsPerSecond, verifiedTransitionsPerSecond: stepsPerSecond * 1.2, effectLatency: latency, endLatency: latency && histogram(`${name}/end`, medianMs * 1.3, 2_000),
    acceptLatency: latency && histogram(`${name}/accept`, medianMs / 10, 2_000), scheduleLag: latency && histogram(`${name}/lag`, 0.1, 2_000), generatorCpuShare: 0.21, invalid: [], ...changes,
  }
}

function faults(seed: number, factor: number): FaultResult[] {
  const r = random(seed, 'sample/faults')
  const steps = ['plan', 'charge', 'receipt', null, 'summarise', 'ship']
  return Array.from({ length: 36 }, (_, index): FaultResult => {
    const seq = [1, 2, 3, 5, 6][index % 5]!
    const applied = 2_000 + index * 1_050
    const first = (300 + r.next() * 900) * factor
    const base = { fault: `f${index + 1}`, slot: index % 2, appliedAtMs: applied, proved: true, inFlight: 6 + r.below(20), takenOver: 0, operatorAtMs: null, newWorkMs: null, newWorkShareMs: null, attempt: 1, note: '' }
    if (index === 30) return { ...base, kind: 'restart', role: 'store', slot: null, healedAtMs: applied + 900, workflowId: null, step: null, seq: null, attempt: null, point: null, firstProgressMs: 1_900 * factor, engineShareMs: 700 * factor, allProgressMs: 2_600 * factor }
    if (index === 33) return { ...base, kind: 'pause', role: 'worker', healedAtMs: applied + 4_000, workflowId: null, step: null, seq: null, attempt: null, point: null, firstProgressMs: 2_100 * factor, engineShareMs: 2_100 * factor, allProgressMs: 5_100 * factor }
    if (index === 35) return { ...base, kind: 'kill', role: 'worker', appliedAtMs: null, proved: false, healedAtMs: null, workflowId: `s${seed}-crash-${index}`, step: 'ship', seq: 6, point: 'after-return', firstProgressMs: null, engineShareMs: null, allProgressMs: null, note: 'the run took the refund branch: the step was never reached' }
    return { ...base, kind: 'kill', role: 'worker', healedAtMs: applied + 500, workflowId: `s${seed}-crash-${index}`, step: steps[seq - 1] ?? null, seq, point: ['before-effect', 'after-effect', 'after-return'][index % 3]!, firstProgressMs: first, engineShareMs: first * 0.6, allProgressMs: first * 2.2 }
  })
}

function killAll(factor: number): FaultResult[] {
  return [{ fault: 'all', kind: 'kill', role: 'worker', slot: null, appliedAtMs: 24_000, proved: true, healedAtMs: 24_500, workflowId: null, step: null, seq: null, attempt: null, point: null, inFlight: 50, takenOver: 0, operatorAtMs: null, newWorkMs: null, newWorkShareMs: null, firstProgressMs: 800 * factor, engineShareMs: 300 * factor, allProgressMs: 1_500 * factor, note: '' }]
}

function timeline(seed: number, own: readonly FaultResult[]): PointResult['timeline'] {
  const r = random(seed, 'sample/timeline')
  const ended = Array.from({ length: 96 }, (_, bin) => (own.some((fault) => Math.abs((fault.appliedAtMs ?? -9e9) - bin * 500) < 400) ? r.below(3) : 4 + r.below(9)))
  return {
    binMs: 500, ended, applied: ended.map((n) => n * 4),
    marks: own.flatMap((fault) => (fault.appliedAtMs === null ? [] : [{ atMs: fault.appliedAtMs, untilMs: fault.healedAtMs, label: fault.step ?? fault.role, kind: `${fault.kind} ${fault.role}` }])),
  }
}

function point(leg: string, name: string, changes: Partial<PointResult> = {}): PointResult {
  return {
    id: `${leg}/${name}`, planHash: '5f3a9c01', leg, driver: name, variant: 'default', scenario: leg === 'rate' ? 'bare-steps' : 'purchase', expect: 'pass', state: 'done', why: '', verdict: 'pass',
    invariants: invariants(), phases: [], faults: [], timeline: null, surface: null,
    duplicates: { unkeyedEffects: 0, keyedAttempts: 0, bareSteps: 0, crashes: 0, extraModelMicros: 0 }, seconds: 38, ...changes,
  }
}

/** One engine's three points; `speed` in steps/s, `factor` stretches its recovery. */
function engine(name: string, speed: number, factor: number, seed: number): PointResult[] {
  const crashes = faults(seed, factor)
  return [
    point('rate', name, {
      phases: [phase('closed', 'closed', speed, 0), phase('open', 'open', speed * 0.7, 12 * factor)], faults: killAll(factor),
      surface: { processes: ['app + worker ×2'], stores: ['Postgres 18'], coldStartMs: 640 * factor, idleRssMb: 180 * factor, idleCpuShare: 0.004 * factor, cpuSecondsPerThousandTransitions: 0.2 * factor, walBytesPerTransition: 410 * factor, listeners: null, tables: 9 },
    }),
    point('agent', name, { phases: [phase('open', 'open', 40, 900 * factor)] }),
    point('crash', name, {
      phases: [phase('batches', 'batches', 30, 0, { verifiedStepsPerSecond: null, verifiedTransitionsPerSecond: null })], faults: crashes, timeline: timeline(seed, crashes),
      duplicates: { unkeyedEffects: 12, keyedAttempts: 7, bareSteps: 0, crashes: 34, extraModelMicros: 5_160 },
    }),
  ]
}

function planned(from: PointResult): Point {
  return {
    id: from.id, leg: from.leg, driver: from.driver, variant: from.variant, scenario: from.scenario, params: { steps: 10 }, workers: 2,
    load: { phases: [{ name: 'closed', kind: 'closed', concurrency: 50, seconds: 20, warmupSeconds: 4 }], followedShare: 0.1, doubledShare: 0.05, callDeadlineMs: 5_000 },
    chaos: { faults: [{ id: 'all', kind: 'kill', role: 'worker', slot: 'all', trigger: { at: 'time', phase: 'closed', afterMs: 20_000 }, heal: { afterMs: 500, identity: 'same' } }], operatorAfterMs: 1_000 },
    invariants: named, expect: from.expect, bareLedger: 'on', capSeconds: 120,
  }
}

/** Everything went well: three engines pass, the control is caught. */
export function healthy(): Result {
  const control = (leg: string): PointResult => point(leg, 'volatile', {
    expect: 'fail', verdict: 'fail', phases: leg === 'rate' ? [phase('closed', 'closed', 240_000, 0)] : [],
    invariants: invariants({ admission: { verdict: 'fail', why: '41 acknowledged starts never ended', violations: 41, findings: [{ summary: 'an acknowledged start vanished', workflowId: `s7-${leg}-3`, lines: ['history.jsonl:12'] }] } }),
  })
  const points = [...engine('homegrown', 4_210.4, 1, 7), ...engine('dbos', 1_148, 2.3, 8), ...engine('temporal', 61.3, 7.9, 9), control('rate'), control('crash')]
  const plan: Plan = { schemaVersion: 1, command: 'bench', seed: 7, minExposures: 30, points: points.map(planned) }
  return {
    schemaVersion: 1,
    run: {
      id: 's7', startedAt: '2026-01-17T09:30:00.000Z', seconds: 452.3, command: 'npx durabench bench --seed 7', seed: 7, git: { revision: 'a6f71c6d52f9', dirty: true },
      fingerprint: { cpu: 'Example CPU @ 2.4 GHz', cores: 2, governor: 'performance', kernel: '6.8.0', node: '24.21.0', postgres: { version: '18.4', fsync: 'on', synchronous_commit: 'on' }, steal: 0.012 },
      exitCode: 0, reasons: [], interrupted: false,
    },
    plan, points,
    matrix: sampleMatrix(),
    drivers: [driver('homegrown', 'Homegrown (Postgres)', 'embedded'), driver('dbos', 'DBOS', 'embedded'), driver('temporal', 'Temporal', 'remote'), driver('volatile', 'Volatile (no durability)', 'embedded')],
  }
}

/** The same run on a bad day: a violation, an engine that was not there, a point that broke, a rate that can't be trusted. */
export function troubled(): Result {
  const result = healthy()
  const points = result.points.flatMap((each): PointResult[] => {
    if (each.driver === 'temporal') return [{ ...each, state: 'skipped', verdict: 'unknown', why: skippedWhy, invariants: [], phases: [], faults: [], timeline: null, surface: null }]
    if (each.id === 'crash/homegrown') return [{ ...each, verdict: 'fail', invariants: invariants({ effects: { verdict: 'fail', violations: 1, why: '1 keyed effect was applied twice', findings: [violation] } }) }]
    if (each.id === 'agent/dbos') return [{ ...each, state: 'broken', verdict: 'unknown', why: 'the driver never answered: expected `ready` within 20 s', invariants: [], phases: [] }]
    if (each.id === 'rate/dbos') return [{ ...each, phases: each.phases.map((own) => (own.kind === 'open' ? { ...own, invalid: ['schedule lag p99 was 80 ms, 5 % of the SLO is 50 ms'] } : own)) }]
    return [each]
  })
  return {
    ...result, points, drivers: result.drivers.map((each) => (each.name === 'temporal' ? { ...each, skipped: skippedWhy } : each)),
    run: { ...result.run, exitCode: 10, reasons: ['homegrown: effects violated in crash/homegrown', 'dbos: agent/dbos broke'] },
  }
}

export const skippedWhy = 'Temporal needs Go ≥ 1.26 to be built once; install it from https://go.dev/dl, or give --temporal HOST:PORT'
