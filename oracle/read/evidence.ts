// From logs to evidence: from the files of a point's folder, or from the same logs in memory (corruptions, tests).
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { PointContext } from '../../contract/context.ts'
import type { FaultLine, HistoryLine, LedgerLine } from '../../contract/logs.ts'
import type { Scenario } from '../../contract/scenario.ts'
import type { Contradiction, Evidence, FileReport } from '../evidence.ts'
import { encodeBare, type Logs } from '../logs.ts'
import { BareReading } from './bare.ts'
import { readingFaults } from './faults.ts'
import { readingHistory } from './history.ts'
import { JournalReading } from './journal.ts'
import { readJsonLines, takeNumbered, type TakeLine } from './jsonl.ts'
import { Numbering } from './numbering.ts'
import { Runs } from './runs.ts'
import { hasTable, TableReading } from './table.ts'
import { readingWorld, type WorldReading } from './world.ts'

/** As bench writes them. */
const beforeACut = /^journal-before-.+\.jsonl$/

/** @throws when the folder has no point.json that can be read */
function readContext(folder: string): PointContext {
  const path = join(folder, 'point.json')
  if (!existsSync(path)) throw new Error(`expected a point's folder with a point.json, found none in ${folder}; name the folder of one point`)
  const context = JSON.parse(readFileSync(path, 'utf8')) as PointContext
  if (context.schemaVersion !== 1) throw new Error(`expected point.json of schema version 1, found ${String(context.schemaVersion)}; use the durabench that wrote it, or a newer one`)
  return context
}

/** Reads everything that was written about a point. Whatever is wrong with a file is in its report. */
export async function readEvidence(folder: string, scenarios: ReadonlyMap<string, Scenario>): Promise<Evidence> {
  const reading = begin(readContext(folder), scenarios)
  const { context, history, world, faults } = reading
  const journal = JournalReading.read(folder, 'journal.jsonl', reading.runs.prefix, context.driver.capabilities.journal !== 'absent')
  journal.catch(() => undefined) // heard of when it is needed
  const files = [
    await readJsonLines<FaultLine>(folder, 'faults.jsonl', 'faults', faults.take),
    await readJsonLines<HistoryLine>(folder, 'history.jsonl', 'history', history.take),
    await readJsonLines<LedgerLine>(folder, 'world.jsonl', 'world', world.take),
  ]
  const ledgers = readdirSync(folder).filter((file) => BareReading.isBare(file)).sort()
  const bare = new BareReading(reading.runs, context.runId, faults.lives, ledgers.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0))
  for (const file of ledgers) files.push(await bare.read(folder, file))
  files.push((await journal).report('journal.jsonl'))
  if (hasTable(reading)) files.push(await reading.table.read(folder))
  const earlier: Earlier[] = []
  for (const file of readdirSync(folder).filter((name) => beforeACut.test(name)).sort()) earlier.push({ file, reading: await JournalReading.read(folder, file, reading.runs.prefix, true) })
  return finish(reading, bare, await journal, earlier, files)
}

/** The same from logs in memory. */
export function evidenceOf(logs: Logs, scenarios: ReadonlyMap<string, Scenario>): Evidence {
  const reading = begin(logs.context, scenarios)
  const { context, history, world, faults } = reading
  const journal = JournalReading.of(logs.journal)
  const files = [
    takeAll('faults.jsonl', 'faults', logs.faults, faults.take),
    takeAll('history.jsonl', 'history', logs.history, history.take),
    takeAll('world.jsonl', 'world', logs.world, world.take),
  ]
  const ledgers = logs.bare.map(({ source, records }) => ({ file: `bare-${source}.bin`, content: encodeBare(context.runId, records) }))
  const bare = new BareReading(reading.runs, context.runId, faults.lives, ledgers.reduce((sum, { content }) => sum + content.length, 0))
  for (const { file, content } of ledgers) files.push(bare.take(file, content))
  files.push(journal.report('journal.jsonl'))
  for (const line of logs.table ?? []) reading.table.take(line)
  if (hasTable(reading)) files.push(reading.table.report())
  return finish(reading, bare, journal, (logs.earlier ?? []).map(({ file, entries }) => ({ file, reading: JournalReading.of(entries) })), files)
}

interface Reading {
  readonly context: PointContext
  readonly scenarios: ReadonlyMap<string, Scenario>
  readonly runs: Runs
  readonly history: ReturnType<typeof readingHistory>
  readonly world: WorldReading
  readonly faults: ReturnType<typeof readingFaults>
  readonly table: TableReading
}

function begin(context: PointContext, scenarios: ReadonlyMap<string, Scenario>): Reading {
  const runs = new Runs(context.runId, context.point.scenario)
  return { context, scenarios, runs, history: readingHistory(runs), world: readingWorld(runs), faults: readingFaults(), table: new TableReading() }
}

function takeAll<L extends { n: number; t: number }>(file: string, log: FileReport['log'], lines: readonly L[], take: TakeLine<L>): FileReport {
  const numbering = new Numbering(file, log)
  for (const line of lines) takeNumbered(line, numbering, `number ${line.n}`, take)
  if (!numbering.ended) numbering.damaged('its end is missing: whoever wrote it did not finish')
  return numbering.report()
}

interface Earlier {
  readonly file: string
  readonly reading: JournalReading
}

function finish({ context, scenarios, runs, history, world, faults, table }: Reading, bare: BareReading, journal: JournalReading, before: readonly Earlier[], files: FileReport[]): Evidence {
  const earlier = before.map(({ file, reading }) => ({ file, journal: reading.finish(runs) }))
  const journalled = journal.finish(runs) // first, since it may know runs that nothing else does
  return {
    context, scenarios, earlier,
    files: [...files, ...before.map(({ file, reading }) => reading.report(file))],
    runs: runs.all,
    runOf: (id) => runs.find(id),
    bare: bare.finish(),
    journal: journalled,
    booked: hasTable({ context, scenarios }) ? table.booked : null,
    faults: faults.faults,
    lives: faults.lives,
    operators: faults.operators,
    standstills: faults.standstills,
    phases: history.phases,
    observedUntilMs: history.observedUntilMs,
    contradictions: [...history.contradictions, ...world.contradictions, ...bare.contradictions, ...lostNonces(world)],
  }
}

function lostNonces({ nonces: { given, largest } }: WorldReading): Contradiction[] {
  if (given === largest) return []
  return [{
    summary: given < largest ? `answers are lost: the world gave nonces up to ${largest}, and ${given} are there` : `nonces were given twice: ${given} up to ${largest}`,
    workflowId: null, lines: ['world.jsonl'], missing: given < largest ? ['world'] : [],
  }]
}
