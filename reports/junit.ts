// JUnit XML for CI: a suite an engine, a test case an invariant. A violation is a `failure`, also when it is a known finding.
// Unknown is an `error` if the plan asked for the invariant, since an unanswered question must not look green; otherwise
// `skipped`. A cell of a crash-point matrix is a test case, too: `twice` passes, with its reason, as at-least-once does it. An engine that did not run is `skipped`; a broken or missing point is an `error`; a control passes when caught.
import type { Cell } from '../contract/matrix.ts'
import type { Result } from '../contract/result.ts'
import { cast, type Control, type Engine } from './engines.ts'
import { mapsOf, nameOf } from './matrix.ts'
import { placeOf, violationsOf } from './problems.ts'
import type { MergedInvariant } from './verdicts.ts'

interface Case {
  readonly suite: string
  readonly name: string
  readonly state: 'passed' | 'failure' | 'error' | 'skipped'
  readonly message: string
  readonly detail: string
}

export function junit(result: Result): string {
  const { engines, controls } = cast(result)
  const suites = [
    ...engines.map((engine) => suite(engine.key, seconds(engine), engineCases(result, engine))),
    ...controls.map((control) => suite(`control ${control.key}`, seconds(control), [controlCase(control)])),
    suite('run', 0, [runCase(result)]),
  ]
  const total = (key: 'tests' | 'failures' | 'errors' | 'skipped'): number => suites.reduce((sum, each) => sum + each[key], 0)
  const head = `<testsuites name="durabench ${xml(result.plan.command)}" tests="${total('tests')}" failures="${total('failures')}" errors="${total('errors')}" skipped="${total('skipped')}" time="${result.run.seconds}">`
  return ['<?xml version="1.0" encoding="UTF-8"?>', head, ...suites.map((each) => each.text), '</testsuites>', ''].join('\n')
}

function engineCases(result: Result, engine: Engine): Case[] {
  if (engine.standing === 'skipped') return [{ suite: engine.key, name: 'runs', state: 'skipped', message: engine.skipped, detail: '' }]
  const points = engine.points.filter((point) => point.state !== 'done').map((point): Case => ({
    suite: engine.key, name: `point ${point.id}`, state: point.state === 'skipped' ? 'skipped' : 'error', message: `${point.state}: ${point.why}`, detail: '',
  }))
  const missing = engine.missing.map((point): Case => ({ suite: engine.key, name: `point ${point.id}`, state: 'error', message: 'planned, but the run ended before it', detail: '' }))
  const cells = mapsOf(result, engine).flatMap((map) => map.cells.map((cell) => cellCase(engine, map.title, cell)))
  return [...engine.invariants.map((merged) => invariantCase(engine, merged)), ...cells, ...points, ...missing]
}

function cellCase(engine: Engine, map: string, cell: Cell): Case {
  const { outcome, fired, wanted, exact, why } = cell
  const state = outcome === 'once' || outcome === 'twice' ? 'passed' : outcome !== 'unknown' ? 'failure' : exact ? 'error' : 'skipped'
  return { suite: engine.key, name: `crash ${nameOf(cell)} (${map})`, state, message: `${outcome}, fired ${fired} of ${wanted} times${why === '' ? '' : `: ${why}`}`, detail: why }
}

function invariantCase(engine: Engine, merged: MergedInvariant): Case {
  const state = merged.verdict === 'pass' ? 'passed' : merged.verdict === 'fail' ? 'failure' : merged.named ? 'error' : 'skipped'
  const telling = merged.parts.filter((part) => part.result.verdict === merged.verdict)
  const findings = telling.flatMap(({ point, result }) => result.findings.map((finding) =>
    `${point.id}: ${finding.summary}${finding.known === undefined ? '' : ` [known: ${finding.known}]`} (${[placeOf(finding), ...finding.lines].filter((part) => part !== '').join(', ')})`))
  return { suite: engine.key, name: merged.name, state, message: [merged.why, ...telling.map(({ point, result }) => `${point.id}: ${result.why}`)].filter((why) => why !== '').join('; '), detail: findings.join('\n') }
}

function controlCase(control: Control): Case {
  const state = control.standing === 'skipped' ? 'skipped' : control.caught === 'caught' ? 'passed' : control.caught === 'unknown' ? 'error' : 'failure'
  const by = violationsOf(control).map((violation) => `${violation.point}: ${violation.invariant}`)
  return { suite: `control ${control.key}`, name: 'is caught', state, message: control.standing === 'skipped' ? control.skipped : control.caught, detail: by.join('\n') }
}

/** The gate as such, for what no invariant says: missed levels, insufficient evidence, an engine that was required. */
function runCase({ run }: Result): Case {
  const state = run.exitCode === 0 ? 'passed' : run.exitCode >= 10 && run.exitCode <= 12 ? 'failure' : 'error'
  return { suite: 'run', name: 'exits with 0', state, message: `exit ${run.exitCode}`, detail: run.reasons.join('\n') }
}

function suite(name: string, time: number, cases: readonly Case[]): { tests: number; failures: number; errors: number; skipped: number; text: string } {
  const of = (state: Case['state']): number => cases.filter((each) => each.state === state).length
  const counts = { tests: cases.length, failures: of('failure'), errors: of('error'), skipped: of('skipped') }
  const head = `  <testsuite name="${xml(name)}" tests="${counts.tests}" failures="${counts.failures}" errors="${counts.errors}" skipped="${counts.skipped}" time="${time}">`
  return { ...counts, text: [head, ...cases.map(testcase), '  </testsuite>'].join('\n') }
}

function testcase(each: Case): string {
  const head = `    <testcase classname="durabench.${xml(each.suite)}" name="${xml(each.name)}"`
  if (each.state === 'passed') return `${head}/>`
  const body = each.state === 'skipped' ? `<skipped message="${xml(each.message)}"/>` : `<${each.state} message="${xml(each.message)}">${xml(each.detail)}</${each.state}>`
  return `${head}>${body}</testcase>`
}

function seconds(engine: Engine): number {
  return engine.points.reduce((sum, point) => sum + point.seconds, 0)
}

/** Characters that XML 1.0 can't hold at all are shown as �, the rest is escaped. */
function xml(value: string): string {
  return value.replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll('\n', '&#10;')
}
