// Illegal changes of E, the effects of transactional steps in the store.
import type { TableLine } from '../../contract/logs.ts'
import type { Logs } from '../logs.ts'
import type { Corruption } from './corruption.ts'

export const tableCorruptions: readonly Corruption[] = [
  { name: 'a transactional effect took place twice', log: 'E', invariant: 'effects', apply: ({ logs }) => changed(logs, (rows) => [...rows, rows[0]!]) },
  { name: 'a transactional effect is gone', log: 'E', invariant: 'effects', apply: ({ logs }) => changed(logs, (rows) => rows.slice(1)) },
]

function changed(logs: Logs, change: (rows: readonly TableLine[]) => readonly TableLine[]): Logs | null {
  const rows = (logs.table ?? []).filter((line) => !('rows' in line))
  if (rows.length === 0) return null
  const after = change(rows)
  return { ...logs, table: [...after, { rows: after.length }] }
}
