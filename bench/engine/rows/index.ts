// All rows, in the order in which they are printed.
import { UsageError } from '../../usage.ts'
import type { Row } from '../row.ts'
import { durability } from './durability.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { oneWorker, twoWorkers } from './against-dbos.ts'
import { history } from './history.ts'
import { longWaits } from './long-waits.ts'
import { openLoop } from './open-loop.ts'
import { peerRows } from './peers.ts'
import { queues } from './queues.ts'
import { takeOver } from './take-over.ts'
import { transact } from './transact.ts'
import { unnest } from './unnest.ts'

const rows: readonly Row[] = [twoWorkers, oneWorker, oneAtATime, unnest, durability, openLoop, takeOver, transact, queues, longWaits, history, ...peerRows]

/** By name, or by the part before the slash; all when nothing is named. @throws with the known names */
export function chooseRows(names: readonly string[]): readonly Row[] {
  const unknown = names.find((name) => !rows.some((row) => matches(row, name)))
  if (unknown !== undefined) throw new UsageError(`expected --only to name rows (${rows.map(({ name }) => name).join(', ')}), found '${unknown}'`)
  return names.length === 0 ? rows : rows.filter((row) => names.some((name) => matches(row, name)))
}

function matches({ name }: Row, wanted: string): boolean {
  return name === wanted || name.startsWith(`${wanted}/`)
}
