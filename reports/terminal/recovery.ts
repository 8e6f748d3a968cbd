// The view of `durabench recovery`.
import type { Result } from '../../contract/result.ts'
import type { Engine } from '../engines.ts'
import { recoveryGroups } from '../recovery-table.ts'
import { standing, type Paint } from './style.ts'
import { table, type Row } from './table.ts'

export function recoveryTables(result: Result, engines: readonly Engine[], width: number, paint: Paint): string {
  const verdicts: Row = { label: 'verdict', cells: engines.map((engine) => standing(paint, engine.standing)) }
  const groups = recoveryGroups(result, engines).flatMap(({ title, rows }): Row[] => [{ label: title, cells: [] }, ...rows.map(({ label, cells }) => ({ label: `  ${label}`, cells }))])
  return table(engines.map(({ key }) => key), [verdicts, ...groups], width, paint)
}
