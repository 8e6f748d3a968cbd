// How long runs stood still, cell by cell, on the page of a recovery run.
import type { Result } from '../../contract/result.ts'
import type { Cast } from '../engines.ts'
import { recoveryGroups } from '../recovery-table.ts'
import type { Html } from './html.ts'
import { matrix, section } from './parts.ts'

/** null: the run has no recovery leg. */
export function recoverySection(result: Result, { engines }: Cast): Html | null {
  const ran = engines.filter(({ standing }) => standing !== 'skipped')
  const groups = recoveryGroups(result, ran)
  if (groups.length === 0) return null
  return section('recovery-cells', 'Recovery, cell by cell', 'The delay of a restart and the operator’s call are the plan’s choice, so the engine’s own share stands apart. “The operator” marks cells in which nothing went on before somebody called. Each n/m says how many of the planned kills met runs in flight.',
    ...groups.map(({ title, rows }) => matrix(title, ran, rows)))
}
