// What becomes of old histories: whole partitions of them are dropped, as files. Ids are kept for ever, a short row each, since an id
// that was forgotten would let a repeated start begin its run again. Trade-off: a partition goes as one, so one run that is still
// open keeps its neighbours' histories.
import { Rejected } from '../../../contract/errors.ts'
import { persist, sqlState, type Link } from './link.ts'
import { blocksPerPartition, runsPerPartition } from './migrations/blocks.ts'

export interface Retained {
  /** Partitions that are gone, oldest first. */
  readonly dropped: readonly number[]
  /** Old enough, but somebody was at work on the tables for too long, or began a run there: left for the next time. */
  readonly left: readonly number[]
}

/**
 * Drops the histories and messages of partitions that no open run has needed for `keepMs`, by the store's clock and as seen by calls of
 * this: so it is called regularly, by a cron say. What is dropped has ended; its ids stay taken, its outcome is `forgotten`.
 * Writers wait for some milliseconds. @throws Rejected for a negative time
 */
export async function retain(link: Link, s: string, keepMs: number): Promise<Retained> {
  if (!(keepMs >= 0)) throw new Rejected(`expected a time to keep histories of at least 0 ms, found ${keepMs}`)
  const { rows } = await persist(() => link.query({ text: findOld(s), values: [keepMs] }))
  const [dropped, left]: [number[], number[]] = [[], []]
  for (const part of rows.map(([n]) => Number(n))) (await drop(link, s, part) ? dropped : left).push(part)
  return { dropped, left }
}

// Parents of runs there may still ask for their ends. '/' and '0' are neighbours in the "C" collation: what begins with `<id>/` lies between.
const findOld = (s: string): string => `
  WITH old AS (
    SELECT n FROM ${s}.part WHERE n < (SELECT last_value / ${blocksPerPartition} FROM ${s}.block)
      AND NOT EXISTS (SELECT FROM ${s}.active WHERE wf >= n * ${runsPerPartition} AND wf < (n + 1) * ${runsPerPartition})
      AND NOT EXISTS (SELECT FROM ${s}.active a JOIN ${s}.wf_key k ON k.key > (a.key || '/') COLLATE "C" AND k.key < (a.key || '0') COLLATE "C"
        WHERE k.wf >= n * ${runsPerPartition} AND k.wf < (n + 1) * ${runsPerPartition})
  ), needed AS (DELETE FROM ${s}.quiet WHERE part NOT IN (SELECT n FROM old)
  ), noticed AS (INSERT INTO ${s}.quiet (part) SELECT n FROM old ON CONFLICT DO NOTHING RETURNING part, since)
  SELECT n FROM old LEFT JOIN ${s}.quiet q ON q.part = n LEFT JOIN noticed ON noticed.part = n
  WHERE coalesce(q.since, noticed.since) <= clock_timestamp() - $1 * interval '1 ms' ORDER BY n`

async function drop(link: Link, s: string, part: number): Promise<boolean> {
  try {
    const { rows: [row] } = await link.query({ text: `SELECT ${s}.drop_part($1)`, values: [part] })
    return row![0] as boolean
  } catch (error) {
    if (sqlState(error) === '55P03' || sqlState(error) === '40P01') return false
    throw error
  }
}
