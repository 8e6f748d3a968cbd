// A legal point of one transfer: two bookings in the store, then a mail.
import type { TableLine } from '../../contract/logs.ts'
import type { Logs } from '../logs.ts'
import { LogBuilder } from './build-log.ts'

/** `change`: what the store holds instead. */
export function transferred(change: (rows: TableLine[]) => TableLine[] = (rows) => rows): Logs {
  const log = new LogBuilder({ scenario: 'transfer' })
  const id = log.start(0)
  const keys = [`${id}/1`, `${id}/2`]
  const notified = log.step(id, 3, 'notify', [`rows:${keys[1]}`], 'worker0-1')
  log.seen(id, { moved: 1 }, [...keys.map((key) => ({ rows: key })), notified], 'live')
  const rows = change(keys.map((key) => ({ workflowId: id, key })))
  return { ...log.build(), table: [...rows, { rows: rows.length }] }
}
