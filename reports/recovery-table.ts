// The rows that terminal and page show of a recovery run, one column an engine: until all runs are at new work again, the engine's own
// share of it, and the sweep of the budget with what it costs in take-overs of workers that were only slow.
import type { Result } from '../contract/result.ts'
import type { Engine } from './engines.ts'
import { count, duration, nothing } from './format.ts'
import { range, recoveryCells, takeOvers, type RecoveryCell } from './recovery.ts'

interface RecoveryRow {
  readonly label: string
  readonly cells: readonly string[]
}

export interface RecoveryGroup {
  readonly title: string
  readonly rows: readonly RecoveryRow[]
}

export function recoveryGroups(result: Result, engines: readonly Engine[]): RecoveryGroup[] {
  const columns = engines.map((engine) => recoveryCells(result, engine))
  const all = columns.flat()
  const [main, ...rest] = [...new Set(all.map(({ leaseMs }) => leaseMs))]
  if (main === undefined) return []
  const rows = (leaseMs: number, kind: string, cell: (own: RecoveryCell) => string, label = (name: string): string => name): RecoveryRow[] => {
    const names = new Set(all.filter((own) => own.kind === kind && own.leaseMs === leaseMs).map(({ name }) => name))
    return [...names].map((name) => ({ label: label(name), cells: columns.map((column) => column.filter((own) => own.name === name && own.leaseMs === leaseMs).map(cell)[0] ?? nothing) }))
  }
  const leases = [main, ...rest].sort((a, b) => a - b)
  const under = (leaseMs: number) => (name: string): string => `lease ${duration(leaseMs)}: ${name}`
  return [
    { title: `until all runs are at new work, lease ${duration(main)}: median (least – most) kills`, rows: rows(main, 'kill', total) },
    { title: "the engine's own share: from kill, replacement or operator", rows: rows(main, 'kill', share) },
    ...(rest.length === 0 ? [] : [{ title: 'the budget swept: until new work', rows: leases.flatMap((leaseMs) => rows(leaseMs, 'kill', total, under(leaseMs)).filter(({ label }) => label.endsWith('spare worker'))) }]),
    { title: 'taken from workers that were only slow, of runs held', rows: leases.flatMap((leaseMs) => rows(leaseMs, 'pause', spurious, under(leaseMs))) },
  ]
}

function total(cell: RecoveryCell): string {
  const { faults, waitedForOperator } = cell
  if (faults.length > 0 && waitedForOperator === faults.length) return `the operator, ${spread(faults.map(({ newWorkMs }) => newWorkMs), cell)}`
  return spread(faults.map(({ newWorkMs }) => newWorkMs), cell)
}

function share(cell: RecoveryCell): string {
  return spread(cell.faults.map(({ newWorkShareMs }) => newWorkShareMs), cell)
}

function spread(values: readonly (number | null)[], { planned }: RecoveryCell): string {
  const found = range(values)
  if (found === null) return `${nothing} 0/${planned}`
  return `${duration(found.median)} (${duration(found.least)} – ${duration(found.most)}) ${found.n}/${planned}`
}

function spurious(cell: RecoveryCell): string {
  const { taken, held } = takeOvers(cell)
  return `${count(taken)} / ${count(held)}`
}
