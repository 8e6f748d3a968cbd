// What an engine's makers promise, held against what was measured. Each promise has one invariant that tests it, whose exposures
// count, and others that may only object. Durations are told and never judged: they are this machine's as much as the engine's.
import type { Capability, Promises } from '../contract/driver.ts'
import type { InvariantName } from '../contract/plan.ts'
import type { FaultResult } from '../contract/result.ts'
import { spread } from './crashes.ts'
import type { Engine } from './engines.ts'
import { count, duration, plural } from './format.ts'
import type { MergedInvariant, Standing } from './verdicts.ts'

type Name = keyof Promises
type Found = 'honours' | 'violates' | 'stronger' | 'untested'

export interface JudgedPromise {
  readonly name: Name
  readonly title: string
  /** In words. */
  readonly promised: string
  /** The maker's page, or 'ours'. */
  readonly page: string
  /** `ours`: no promise of the makers, because the driver emulates it or this project made the engine. */
  readonly verdict: Found | 'ours'
  /** What was measured, whoever promised it. */
  readonly found: Found
  readonly why: string
  readonly exposures: number
  /** The points that speak. */
  readonly points: readonly string[]
}

export const standingOf: Readonly<Record<Found, Standing>> = { honours: 'pass', stronger: 'pass', violates: 'fail', untested: 'skipped' }

type Judgement = Pick<JudgedPromise, 'found' | 'why' | 'exposures' | 'points'>
type Judge = (engine: Engine, minExposures: number, promises: Promises) => Judgement

/** Recoveries are few and each is a whole outage, so fewer of them decide than of operations. */
const enoughRecoveries = 5

const clauses: Readonly<Record<Name, { readonly title: string; readonly capability: Capability; readonly judge: Judge }>> = {
  effects: {
    title: 'effects', capability: 'step',
    judge: (engine, least) => byInvariant(engine, least, 'effects', ['claimed', 'stability'], (tested) => {
      const hits = proved(engine).length
      const again = sum(tested, (name) => /^extraAttempts\.(?!status |no answer|time-out)/.test(name))
      const told = `${plural(again, 'step')} done again after ${plural(hits, 'fault')} that met runs in flight`
      return { stronger: hits >= least && again === 0, note: hits === 0 ? 'no fault met a run in flight' : told }
    }),
  },
  cancel: {
    title: 'cancel', capability: 'cancel',
    judge: (engine, least, { cancel }) => (cancel.value === 'absent' ? untested('no cancel is promised') : byInvariant(engine, least, 'cancel', [], (tested) => {
      const asked = sum(tested, (name) => name === 'askedForMeanwhile')
      return cancel.value === 'cooperative' ? { stronger: asked === 0, note: `${plural(asked, 'operation')} begun by bodies that had not heard of it` } : { stronger: false, note: '' }
    })),
  },
  orphans: {
    title: 'children of an ended run', capability: 'child',
    judge: (engine, least, { orphans }) => (orphans.value === 'none' ? untested('nothing is promised') : byInvariant(engine, least, 'orphans', [])),
  },
  startDedup: {
    title: 'a start’s id is remembered', capability: 'start-dedup',
    judge: (engine, least) => byInvariant(engine, least, 'start-dedup', [], () => ({ stronger: false, note: 'for as long as the run took: a longer window was not waited out' })),
  },
  timerGrainMs: {
    title: 'grain of timers', capability: 'sleep',
    judge: (engine, least, { timerGrainMs }) => byInvariant(engine, least, 'timers', [], (tested) => {
      const late = measures(tested).filter(([name]) => name === 'lateP50Ms').map(([, value]) => value)
      return { stronger: late.length > 0 && Math.max(...late) < timerGrainMs.value, note: late.length === 0 ? '' : `none early; late by ${duration(Math.max(...late))}, median of the slowest point` }
    }),
  },
  limits: { title: 'limits', capability: 'step', judge: () => untested('no point comes near them') },
  recovery: { title: 'who recovers a dead worker’s runs', capability: 'takeover', judge: recovered },
  fencing: { title: 'fencing', capability: 'takeover', judge: (engine, least) => byInvariant(engine, least, 'fencing', []) },
  poison: { title: 'a run that kills its workers', capability: 'takeover', judge: poisoned },
}

/** One verdict a promise; empty when the run was cut before the driver was described. */
export function judgedPromises(engine: Engine, minExposures: number): JudgedPromise[] {
  const { driver } = engine
  if (driver === null) return []
  return (Object.keys(clauses) as Name[]).flatMap((name) => {
    const promise = driver.promises[name]
    if (promise === undefined) return []
    const { title, capability, judge } = clauses[name]
    const { value, page } = promise
    const support = driver.capabilities[capability]
    const judgement = support === 'absent' ? untested(`the driver has no ${capability}`) : judge(engine, minExposures, driver.promises)
    const verdict = page === 'ours' || support === 'emulated' ? 'ours' : judgement.found
    return [{ name, title, promised: inWords(name, value), page, verdict, ...judgement }]
  })
}

type Remark = { readonly stronger: boolean; readonly note: string }

function byInvariant(engine: Engine, minExposures: number, lead: InvariantName, objectors: readonly InvariantName[], remark: (tested: MergedInvariant) => Remark = () => ({ stronger: false, note: '' })): Judgement {
  const of = (name: InvariantName): MergedInvariant | undefined => engine.invariants.find((merged) => merged.name === name)
  const tested = of(lead)
  if (tested === undefined) return untested('not checked')
  const { exposures } = tested
  const all = [tested, ...objectors.map(of).filter((merged) => merged !== undefined)]
  const broken = all.filter(({ verdict, allDocumented }) => verdict === 'fail' && !allDocumented)
  if (broken.length > 0) {
    const counts = broken.map(({ name, violations, allKnown }) => `${name}: ${plural(violations, 'violation')}${allKnown ? ', known' : ''}`)
    return { found: 'violates', why: counts.join('; '), exposures, points: pointsOf(broken, ({ result }) => result.verdict === 'fail') }
  }
  const points = pointsOf([tested], ({ result }) => result.exposures > 0)
  const asPromised = all.filter(({ allDocumented }) => allDocumented)
  const told = asPromised.length === 0 ? `0 violations in ${count(exposures)}` : `${asPromised.map(({ name, violations }) => `${name}: ${plural(violations, 'violation')}`).join('; ')}, each known and as the makers' page says`
  const doubted = tested.parts.find(({ result }) => result.named && result.verdict === 'unknown')
  if (doubted !== undefined) return { found: 'untested', why: `${doubted.point.id}: ${doubted.result.why}`, exposures, points }
  if (exposures < minExposures) return { found: 'untested', why: `${plural(exposures, 'exposure')}, ${minExposures} are asked for`, exposures, points }
  const { stronger, note } = remark(tested)
  return { found: stronger && asPromised.length === 0 ? 'stronger' : 'honours', why: [told, note].filter((part) => part !== '').join('; '), exposures, points }
}

/** Of workers that died with runs in flight: did those go on? */
function recovered(engine: Engine, _minExposures: number, { recovery: { value: { who, afterMs } } }: Promises): Judgement {
  if (who === 'nobody') return untested('nothing is promised')
  const kills = proved(engine).filter(({ kind, role }) => kind === 'kill' && role === 'worker')
  const points = engine.points.filter(({ faults }) => faults.some((fault) => kills.includes(fault))).map(({ id }) => id)
  const liveness = engine.invariants.find(({ name }) => name === 'liveness')
  const exposures = kills.length
  if (liveness?.verdict === 'fail') return { found: 'violates', why: `liveness: ${plural(liveness.violations, 'violation')}`, exposures, points: pointsOf([liveness], ({ result }) => result.verdict === 'fail') }
  if (exposures < enoughRecoveries || liveness?.verdict !== 'pass') return { found: 'untested', why: `${plural(exposures, 'kill')} with runs in flight, ${enoughRecoveries} are asked for`, exposures, points }
  const share = spread(kills.map(({ engineShareMs }) => engineShareMs))
  const told = share === null ? '' : `; the engine’s own share was ${duration(share.median)}, at most ${duration(share.max)}, and its time-out is ${duration(afterMs)}`
  return { found: 'honours', why: `all runs went on after ${plural(exposures, 'kill')}${told}`, exposures, points }
}

/** Its invariants are those of every run: that it ends at all is what the promise is about. */
function poisoned(engine: Engine): Judgement {
  const points = engine.points.filter(({ scenario, state }) => scenario === 'poison' && state === 'done')
  const ends = points.flatMap(({ invariants }) => invariants.filter(({ name }) => name === 'liveness'))
  const exposures = ends.reduce((total, end) => total + end.exposures, 0)
  const broken = ends.filter(({ verdict }) => verdict === 'fail')
  const told = { exposures, points: points.map(({ id }) => id) }
  if (broken.length > 0) return { found: 'violates', why: broken.map(({ why }) => why).join('; '), ...told }
  return exposures === 0 ? untested('no run of this plan kills its workers') : { found: 'honours', why: `all of ${plural(exposures, 'run')} ended`, ...told }
}

function untested(why: string): Judgement {
  return { found: 'untested', why, exposures: 0, points: [] }
}

/** Faults that took hold while runs were in flight. */
function proved({ points }: Engine): FaultResult[] {
  return points.flatMap(({ faults }) => faults).filter((fault) => fault.proved && fault.inFlight > 0)
}

function pointsOf(merged: readonly MergedInvariant[], wanted: (part: MergedInvariant['parts'][number]) => boolean): string[] {
  return [...new Set(merged.flatMap(({ parts }) => parts.filter(wanted).map(({ point }) => point.id)))]
}

function measures({ parts }: MergedInvariant): [string, number][] {
  return parts.flatMap(({ result }) => Object.entries(result.measures))
}

function sum(merged: MergedInvariant, wanted: (name: string) => boolean): number {
  return measures(merged).reduce((total, [name, value]) => total + (wanted(name) ? value : 0), 0)
}

function inWords(name: Name, value: NonNullable<Promises[Name]>['value']): string {
  if (name === 'timerGrainMs' && typeof value === 'number') return duration(value)
  return typeof value === 'object' ? `${value.who}, after ${duration(value.afterMs)}` : String(value)
}
