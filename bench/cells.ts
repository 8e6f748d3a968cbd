// The crash-point matrix as cells: the shots of all points, binned by where they were seen to strike. A cell that was planned
// stays in the denominator, fired or not; one that a driver has no capability for is none of its cells.
import type { Point, Plan } from '../contract/plan.ts'
import type { Cell, CellOutcome, Repetition, Shot } from '../contract/matrix.ts'
import type { DriverResult, PointResult } from '../contract/result.ts'
import type { FailPoint } from '../contract/driver.ts'
import { scenarios } from '../scenarios/index.ts'
import { isShot } from './measure/shots.ts'
import { pathOf, pointOrder } from './plans/matrix-sites.ts'
import { shotsPerCell } from './plans/matrix.ts'
import { boundTo } from './failpoints.ts'

const worstFirst: readonly CellOutcome[] = ['lost', 'wrong', 'stuck', 'twice', 'once']

type Place = Pick<Cell, 'driver' | 'variant' | 'scenario' | 'victim' | 'load' | 'crashes' | 'seq' | 'step' | 'point'>

/** Undefined where the plan has no part of a matrix. */
export function cellsOf(plan: Plan, results: readonly PointResult[], drivers: readonly Pick<DriverResult, 'name' | 'approximate'>[]): Cell[] | undefined {
  const parts = plan.points.filter(({ matrix, expect }) => matrix !== undefined && expect === 'pass')
  if (parts.length === 0) return undefined
  const byId = new Map(results.map((result) => [result.id, result]))
  const bins = new Map<string, { readonly place: Place; aimed: number; readonly struck: Shot[]; readonly missed: string[] }>()
  const bin = (place: Place): { readonly place: Place; aimed: number; readonly struck: Shot[]; readonly missed: string[] } => {
    const key = JSON.stringify(place)
    const found = bins.get(key) ?? { place, aimed: 0, struck: [], missed: [] }
    bins.set(key, found)
    return found
  }
  for (const part of parts) {
    const result = byId.get(part.id)
    if (result?.state === 'skipped') continue
    const shots = new Map(result?.shots?.map((shot) => [shot.fault, shot]))
    for (const { fault, place } of aimedAt(part, plan.seed)) {
      const aim = bin(place)
      aim.aimed++
      const shot = shots.get(fault)
      if (shot === undefined) aim.missed.push(result === undefined ? 'not played' : `its point was ${result.state}`)
      else if (shot.observed === null) aim.missed.push(shot.why)
      else {
        bin({ ...place, point: shot.observed }).struck.push(shot)
        if (shot.observed !== place.point) aim.missed.push(`the crash came ${shot.observed}: its reply was not kept`)
      }
    }
  }
  const approximate = new Map(drivers.map((driver) => [driver.name, driver.approximate]))
  return [...bins.values()]
    .map(({ place, aimed, struck, missed }) => cell(place, isExact(place.point, approximate.get(place.driver)), aimed, struck, missed))
    .sort((a, b) => a.seq - b.seq || (a.step ?? '').localeCompare(b.step ?? '') || pointOrder.indexOf(a.point) - pointOrder.indexOf(b.point))
}

/** The point after a step's return races with the engine's recorder: nobody hits it at will. */
function isExact(point: FailPoint, approximate: readonly FailPoint[] = []): boolean {
  return point !== 'after-return' && !approximate.includes(point)
}

function aimedAt(point: Point, seed: number): { readonly fault: string; readonly place: Place }[] {
  const { driver, variant, scenario, params, matrix } = point
  const known = scenarios.get(scenario)
  return point.chaos.faults.filter(isShot).map(({ id, trigger }) => {
    const index = Number(boundTo(point, '', trigger).slice(1))
    const step = known === undefined || trigger.point === 'body-returns' ? null : (pathOf(known, seed, index, params)[trigger.seq - 1] ?? null)
    return { fault: id, place: { driver, variant, scenario, ...matrix!, seq: trigger.seq, step, point: trigger.point } }
  })
}

function cell(place: Place, exact: boolean, aimed: number, struck: readonly Shot[], missed: readonly string[]): Cell {
  const outcomes: Partial<Record<CellOutcome, number>> = {}
  for (const { outcome } of struck) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  const worst = worstFirst.find((outcome) => outcomes[outcome] !== undefined)
  const undecided = struck.length < shotsPerCell && (worst === undefined || worst === 'once' || worst === 'twice')
  return {
    ...place, exact, aimed, fired: struck.length, wanted: shotsPerCell,
    outcome: undecided ? 'unknown' : worst!,
    outcomes,
    repeated: struck.flatMap(({ repeated }) => repeated).reduce(merged, []),
    why: [...counted(struck.filter(({ why }) => why !== '').map(({ why }) => why)), ...(struck.length < shotsPerCell ? counted(missed) : [])].join('; '),
    medianProgressMs: median(struck.map(({ firstProgressMs }) => firstProgressMs)),
    medianShareMs: median(struck.map(({ engineShareMs }) => engineShareMs)),
  }
}

/** Each once, with how often it was said. */
function counted(whys: readonly string[]): string[] {
  return [...Map.groupBy(whys, (why) => why)].map(([why, same]) => (same.length === 1 ? why : `${same.length} times: ${why}`))
}

function merged(all: readonly Repetition[], one: Repetition): Repetition[] {
  const same = all.find(({ seq, step }) => seq === one.seq && step === one.step)
  const rest = all.filter((other) => other !== same)
  return [...rest, same === undefined ? one : { ...one, attempts: Math.max(one.attempts, same.attempts), effects: Math.max(one.effects, same.effects) }]
}

function median(values: readonly (number | null)[]): number | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b)
  return sorted.length === 0 ? null : (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.floor(sorted.length / 2)]!) / 2
}
