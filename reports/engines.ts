// One row of every report: a driver in one variant, with its points. Engines and controls are told apart here and nowhere
// else: a control is whatever the plan expects to fail, so that no report needs to know a driver's name. An engine that also plays
// controls (its store with fsync off) is there twice.
import type { Point } from '../contract/plan.ts'
import type { DriverResult, PointResult, Result } from '../contract/result.ts'
import { mergedInvariants, worst, type MergedInvariant, type Standing } from './verdicts.ts'

export interface Engine {
  /** `dbos`, `dbos/queue` for a variant that is not the default, `temporal (dev server, SQLite)` for what is not what its users run. */
  readonly key: string
  readonly title: string
  /** null: the run was cut before the driver was described. */
  readonly driver: DriverResult | null
  readonly points: readonly PointResult[]
  /** Its points taken together. */
  readonly invariants: readonly MergedInvariant[]
  /** Planned, but the run ended before they did. */
  readonly missing: readonly Point[]
  readonly standing: Standing
  /** Why it did not run and how to get it; empty when it ran. */
  readonly skipped: string
}

export interface Control extends Engine {
  readonly caught: 'caught' | 'NOT CAUGHT' | 'unknown'
}

export interface Cast {
  readonly engines: readonly Engine[]
  readonly controls: readonly Control[]
}

/** Everybody who was to run, in the order of the result's drivers and of the plan. */
export function cast(result: Result): Cast {
  const planned = result.plan.points
  // A driver of one's own is named by a path, so its name is looked up and never taken apart.
  const kinds = new Map<string, { driver: string; variant: string }>(result.drivers.map(({ name }) => [name, { driver: name, variant: 'default' }]))
  for (const { driver, variant } of [...planned, ...result.points]) kinds.set(key({ driver, variant }), { driver, variant })
  const engines: Engine[] = []
  const controls: Control[] = []
  for (const [name, { driver: of, variant }] of kinds) {
    const driver = result.drivers.find((candidate) => candidate.name === of) ?? null
    const viewOf = (expect: Point['expect']): Engine | null => {
      const own = planned.filter((point) => key(point) === name && point.expect === expect)
      const points = result.points.filter((point) => key(point) === name && point.expect === expect)
      const missing = own.filter((point) => !points.some((done) => done.id === point.id))
      return own.length + points.length === 0 ? null : view(name, variant, driver, points, missing, result.plan.minExposures)
    }
    const [engine, control] = [viewOf('pass'), viewOf('fail')]
    if (engine !== null) engines.push(engine)
    if (control !== null) controls.push({ ...(engine === null ? control : named(control)), caught: caught(control) })
    // A driver that only ran in a tuned variant has no row of its own.
    if (engine === null && control === null && driver?.skipped !== '') engines.push(view(name, variant, driver, [], [], result.plan.minExposures))
  }
  return { engines, controls }
}

/** By its points: the driver's name is the engine's. */
function named(control: Engine): Engine {
  const ids = [...new Set([...control.points, ...control.missing].map(({ id }) => id))].join(', ')
  return { ...control, key: ids, title: `${control.title}: ${ids}` }
}

function key(point: { readonly driver: string; readonly variant: string }): string {
  return point.variant === 'default' ? point.driver : `${point.driver}/${point.variant}`
}

function view(name: string, variant: string, driver: DriverResult | null, points: readonly PointResult[], missing: readonly Point[], minExposures: number): Engine {
  const ran = points.filter((point) => point.state !== 'skipped')
  const whyNot = driver?.skipped || points.find((point) => point.state === 'skipped')?.why || ''
  const skipped = ran.length === 0 && whyNot !== ''
  const invariants = mergedInvariants(points, minExposures)
  const named = invariants.filter((merged) => merged.named)
  const caveat = driver?.caveat === undefined ? '' : ` (${driver.caveat})`
  return {
    key: `${name}${caveat}`,
    title: `${driver?.title ?? name}${variant === 'default' ? '' : ` (${variant})`}${caveat}`,
    driver,
    points,
    missing,
    invariants,
    standing: skipped ? 'skipped' : worst([...ran.map(verdict), ...named.map((merged) => merged.verdict), ...missing.map(() => 'unknown' as const)]),
    skipped: skipped ? whyNot : '',
  }
}

/** A point that did not end can show a violation, but never a pass. */
function verdict(point: PointResult): PointResult['verdict'] {
  if (point.invariants.some((invariant) => invariant.verdict === 'fail')) return 'fail'
  return point.state === 'done' ? point.verdict : worst([point.verdict, 'unknown'])
}

/** Every point that is expected to fail must have failed. */
function caught(engine: Engine): Control['caught'] {
  const expected = engine.points.filter((point) => point.expect === 'fail')
  const ended = expected.filter((point) => point.state === 'done')
  if (ended.some((point) => verdict(point) === 'pass')) return 'NOT CAUGHT'
  const whole = ended.length > 0 && ended.length === expected.length && !engine.missing.some((point) => point.expect === 'fail')
  return whole && ended.every((point) => verdict(point) === 'fail') ? 'caught' : 'unknown'
}
