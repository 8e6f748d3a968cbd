// The view of `durabench chaos`: how much was run under how many faults of which kind, and what the oracle said to it.
import type { PlannedFault } from '../../contract/plan.ts'
import type { PointResult, Result, RunMix } from '../../contract/result.ts'
import type { Engine } from '../engines.ts'
import { count, percent } from '../format.ts'
import { standing, type Paint } from './style.ts'
import { table, type Row } from './table.ts'

export function chaosTables(result: Result, engines: readonly Engine[], width: number, paint: Paint): string {
  const tallies = engines.map((engine) => faultsOf(result, engine.points))
  const kinds = [...new Set(tallies.flatMap((tally) => [...tally.keys()]))].sort()
  const invariants = [...new Set(engines.flatMap((engine) => engine.invariants.map(({ name }) => name)))]
  const row = (label: string, cell: (engine: Engine) => string): Row => ({ label, cells: engines.map(cell) })
  const mixed = (label: string, what: keyof RunMix): Row => row(label, (engine) => count(sum(engine, what)))
  const tables = table(engines.map((engine) => engine.key), [
    row('verdict', (engine) => standing(paint, engine.standing)),
    row('rounds', (engine) => count(engine.points.length)),
    mixed('steps', 'steps'),
    mixed('runs', 'runs'),
    mixed('  waited', 'waited'),
    mixed('  signalled', 'signalled'),
    mixed('  cancelled', 'cancelled'),
    mixed('  transactional', 'transactional'),
    row('  any of these', (engine) => `${count(sum(engine, 'mixed'))} (${percent(sum(engine, 'mixed') / Math.max(1, sum(engine, 'runs')))})`),
    { label: 'faults, proved / planned', cells: [] },
    ...kinds.map((kind): Row => ({ label: `  ${kind}`, cells: tallies.map((tally) => fraction(tally.get(kind))) })),
    { label: 'violations / exposures', cells: [] },
    ...invariants.map((name) => row(`  ${name}`, ({ invariants: own }) => {
      const found = own.find((each) => each.name === name)
      return found === undefined ? '' : `${count(found.violations)} / ${count(found.exposures)}`
    })),
  ], width, paint)
  return [tables, ...failedRounds(result, engines)].join('\n\n')
}

function sum({ points }: Engine, what: keyof RunMix): number {
  return points.reduce((total, { mix }) => total + (mix?.[what] ?? 0), 0)
}

interface Tally {
  readonly planned: number
  readonly proved: number
}

/** By kind; faults that are part of one count there, as one, proved if all of them are. */
function faultsOf({ plan }: Result, points: readonly PointResult[]): ReadonlyMap<string, Tally> {
  const tally = new Map<string, Tally>()
  for (const point of points) {
    const planned = plan.points.find(({ id }) => id === point.id)?.chaos.faults ?? []
    const proved = new Set(point.faults.filter((fault) => fault.proved).map(({ fault }) => fault))
    for (const [name, parts] of Map.groupBy(planned, ({ id, partOf }) => partOf ?? id)) {
      const kind = kindOf(name, parts)
      const before = tally.get(kind) ?? { planned: 0, proved: 0 }
      tally.set(kind, { planned: before.planned + 1, proved: before.proved + (parts.every(({ id }) => proved.has(id)) ? 1 : 0) })
    }
  }
  return tally
}

function kindOf(name: string, [first]: readonly PlannedFault[]): string {
  return first!.partOf === undefined ? `${first!.kind} ${first!.role}` : name.replace(/ \d+$/, '')
}

function fraction(tally: Tally | undefined): string {
  return tally === undefined ? '0 / 0' : `${count(tally.proved)} / ${count(tally.planned)}`
}

/** A line for each, to be copied. */
function failedRounds({ run }: Result, engines: readonly Engine[]): string[] {
  const alone = run.command.replace(/ --(minutes|faults|round) \d+/g, '')
  const failed = engines.flatMap(({ points }) => points).filter(({ verdict, state }) => verdict === 'fail' || state === 'broken')
  return failed.length === 0 ? [] : [failed.map(({ id, verdict, state }) => `${id} ${state === 'broken' ? 'broke' : verdict}; again: ${alone} --round ${id.split('/').at(-1)}`).join('\n')]
}
