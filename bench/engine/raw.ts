// Rows per second from C into the engine's table: what Postgres takes when the client costs nothing. Batch and connections are
// swept, and the best is what the engine is held against.
import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { journalTable, runsPerPartition, type JournalTable } from './journal-table.ts'
import type { Place } from './place.ts'
import { stepsPerRun } from './points.ts'
import type { Side } from './row.ts'
import { best } from './sweep.ts'

interface RawSetting {
  readonly connections: number
  readonly runsPerBatch: number
}

type Mode = 'unnest' | 'copy'

const rowsPerRun = stepsPerRun + 2
const runsPerBatch = [10, 84, 420, 1_000]
const connections = [...new Set([1, availableParallelism(), 2 * availableParallelism()])]
const settings = connections.flatMap((count) => runsPerBatch.map((runs) => ({ connections: count, runsPerBatch: runs })))
const titles: Readonly<Record<Mode, string>> = { unnest: 'UNNEST of binary arrays from C', copy: 'binary COPY from C' }

export async function rawAtBest(place: Place, program: string, mode: Mode): Promise<Side> {
  const setting = await place.once(mode, () => best(place, titles[mode], settings, describe, (candidate) => rowsPerSecond(place, program, mode, candidate)))
  return { label: `${titles[mode]}, ${describe(setting)}`, unit: 'rows/s', measure: async () => ({ value: await rowsPerSecond(place, program, mode, setting) }) }
}

/** On a store of its own. */
async function rowsPerSecond(place: Place, program: string, mode: Mode, setting: RawSetting): Promise<number> {
  await using store = await place.store()
  const template = join(place.folder('raw'), 'template')
  // The first partition is left out; the others hold some ten million rows each, more than any window fills.
  const table = await journalTable(store.url, template, setting.connections + 1)
  const { seconds, warmupSeconds } = place.timing
  const { stdout } = await promisify(execFile)(
    program,
    [mode, statement(mode, table), setting.connections, setting.runsPerBatch, seconds, warmupSeconds, template, runsPerPartition, runsPerPartition].map(String),
    { env: { ...process.env, DURABENCH_RAW_URL: store.url }, timeout: (seconds + warmupSeconds + 60) * 1e3 },
  )
  const [, rows, took] = /^rows (\d+) seconds ([\d.]+)$/.exec(stdout.trim()) ?? []
  if (rows === undefined) throw new Error(`expected the C program to print its rows, found: ${stdout}`)
  return Number(rows) / Number(took)
}

function statement(mode: Mode, { name, columns }: JournalTable): string {
  const names = columns.map((column) => column.name).join(', ')
  if (mode === 'copy') return `COPY ${name} (${names}) FROM STDIN (FORMAT binary)`
  return `INSERT INTO ${name} (${names}) SELECT * FROM unnest(${columns.map(({ type }, i) => `$${i + 1}::${type}[]`).join(', ')})`
}

function describe({ connections: count, runsPerBatch: runs }: RawSetting): string {
  return `${count === 1 ? '1 connection' : `${count} connections`}, ${runs * rowsPerRun} rows a batch`
}
