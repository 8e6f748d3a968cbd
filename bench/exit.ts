// The exit code, from verdicts and counts alone, never from a rate. Order of weight: a violation (10), then whatever keeps the
// run from supporting its claim (13). A run that was interrupted says 130, unless it has already found a violation.
import type { Plan } from '../contract/plan.ts'
import type { Cell } from '../contract/matrix.ts'
import type { DriverResult, InvariantResult, PointResult } from '../contract/result.ts'
import { mergeEngine } from '../oracle/verdict.ts'

type JudgedPoint = Pick<PointResult, 'id' | 'driver' | 'state' | 'why' | 'expect' | 'verdict' | 'invariants'> & Partial<Pick<PointResult, 'faults' | 'leg'>>

export interface ExitInput {
  readonly plan: Pick<Plan, 'minExposures' | 'until'>
  readonly points: readonly JudgedPoint[]
  readonly drivers: readonly Pick<DriverResult, 'name' | 'skipped'>[]
  readonly required: readonly string[]
  /** Faults, by their legs, that must have been proved in every point of theirs. */
  readonly requiredFaults?: readonly string[]
  readonly acceptFindings: boolean
  readonly interrupted: boolean
  readonly matrix?: readonly Cell[]
}

export const exitCodes = { ok: 0, crash: 1, usage: 2, violation: 10, invalid: 13, interrupted: 130 } as const

/** Of the cells that a driver can hit exactly: so many have to be fired often enough, engine by engine. */
const leastFiredShare = 0.95

export function decideExit({ plan, points, drivers, required, requiredFaults = [], acceptFindings, interrupted, matrix = [] }: ExitInput): { exitCode: number; reasons: string[] } {
  const violations = points.filter((point) => point.expect === 'pass').flatMap((point) => violated(point, acceptFindings))
  const invalid = [
    ...points.filter((point) => point.state === 'broken').map((point) => `${point.id} broke: ${point.why.split('\n')[0]}`),
    ...points.filter((point) => point.state === 'done' && point.expect === 'fail' && point.verdict !== 'fail').map((point) => `the control ${point.id} was not caught: an oracle that lets it pass proves nothing`),
    ...drivers.filter((driver) => driver.skipped !== '' && required.includes(driver.name)).map((driver) => `${driver.name} was required and did not run: ${driver.skipped}`),
    ...required.filter((name) => !drivers.some((driver) => driver.name === name)).map((name) => `${name} was required and is not in the plan; name it with --drivers`),
    ...drivers.filter((driver) => driver.skipped === '').flatMap((driver) => short(driver.name, points, plan.minExposures)),
    ...requiredFaults.flatMap((name) => unproved(name, points.filter(({ leg }) => leg === name))),
    ...tooFewFaults(plan, points),
    ...tooFewCells(matrix),
    ...(drivers.every((driver) => driver.skipped !== '') || onlyControlsRan(points) ? ['no engine ran'] : []),
  ]
  const reasons = [...violations, ...invalid]
  if (violations.length > 0) return { exitCode: exitCodes.violation, reasons }
  if (interrupted) return { exitCode: exitCodes.interrupted, reasons: ['interrupted: partial results were kept', ...reasons] }
  if (invalid.length > 0) return { exitCode: exitCodes.invalid, reasons }
  return { exitCode: exitCodes.ok, reasons: [] }
}

/** Each fault of a plan counts once, however many victims it had. */
export function provedFaults(points: readonly Pick<JudgedPoint, 'faults'>[]): number {
  return points.reduce((sum, { faults = [] }) => sum + new Set(faults.filter(({ proved }) => proved).map(({ fault }) => fault)).size, 0)
}

function unproved(name: string, points: readonly JudgedPoint[]): string[] {
  if (points.length === 0) return [`the fault ${name} was required and is not in the plan; name it with --only`]
  return points.flatMap(({ id, state, why, faults = [] }) => {
    if (state !== 'done') return [`the fault ${name} was required and ${id} did not run to its end: ${why}`]
    const lacking = faults.filter(({ proved }) => !proved).map(({ fault, note }) => `${fault}: ${note}`)
    return faults.length > 0 && lacking.length === 0 ? [] : [`the fault ${name} was required and not proved in ${id}: ${lacking.join('; ') || 'none was applied'}`]
  })
}

function tooFewFaults({ until }: ExitInput['plan'], points: readonly JudgedPoint[]): string[] {
  const proved = provedFaults(points)
  if (until === undefined || proved >= until.provedFaults) return []
  return [`expected ${until.provedFaults} faults to be proved, found ${proved} by the end of the run, which --minutes ${until.minutes} caps`]
}

function tooFewCells(matrix: readonly Cell[]): string[] {
  return [...Map.groupBy(matrix.filter(({ exact }) => exact), ({ driver }) => driver)].flatMap(([driver, cells]) => {
    const fired = cells.filter((cell) => cell.fired >= cell.wanted).length
    return fired >= cells.length * leastFiredShare ? [] : [`${driver}: expected ${leastFiredShare * 100} % of ${cells.length} exact cells to be fired often enough, found ${fired}`]
  })
}

function onlyControlsRan(points: readonly JudgedPoint[]): boolean {
  const engines = points.filter((point) => point.expect === 'pass')
  return engines.length > 0 && engines.every((point) => point.state === 'skipped')
}

function violated(point: JudgedPoint, acceptFindings: boolean): string[] {
  return point.invariants
    .filter((invariant) => invariant.verdict === 'fail')
    .filter((invariant) => !(acceptFindings && invariant.findings.length > 0 && invariant.findings.every((finding) => finding.known !== undefined)))
    .map((invariant) => `${point.id} violates ${invariant.name} ${invariant.violations} times: ${first(invariant)}`)
}

function first({ findings, why }: InvariantResult): string {
  const [finding] = findings
  return finding === undefined ? why : finding.workflowId === undefined || finding.summary.includes(finding.workflowId) ? finding.summary : `${finding.workflowId}: ${finding.summary}`
}

/** Named invariants that an engine's points, taken together, could not decide. */
function short(driver: string, points: readonly JudgedPoint[], minExposures: number): string[] {
  const own = points.filter((point) => point.driver === driver && point.expect === 'pass' && point.state === 'done')
  const unknowns = mergeEngine(own, minExposures)
    .filter((merged) => merged.verdict === 'unknown')
    .map((merged) => `${driver}: ${merged.name} is unknown: ${merged.why}`)
  return unknowns.length === 0 ? [] : [...unknowns, ...own.filter((point) => point.why !== '').map((point) => `${point.id}: ${point.why}`)]
}
