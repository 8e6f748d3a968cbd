// durabench report DIR: writes the report of a run again, whole or interrupted, from its journal.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Result } from '../contract/result.ts'
import { cellsOf } from '../bench/cells.ts'
import { decideExit } from '../bench/exit.ts'
import { readJournal } from '../bench/journal.ts'
import { UsageError } from '../bench/usage.ts'
import { terminal } from '../reports/terminal.ts'
import { asResult } from '../reports/validate.ts'
import { writeReports } from '../reports/write.ts'
import { parse } from './options.ts'
import { terminalOptions } from './terminal-options.ts'

export async function report(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parse(argv, { json: { type: 'boolean' }, 'accept-findings': { type: 'boolean' } }, true)
  const [folder, ...more] = positionals
  if (folder === undefined || more.length > 0) throw new UsageError(`expected one folder, as in: durabench report results/<run>; found ${positionals.length}`)
  const result = readResult(folder, values['accept-findings'] ?? false)
  await writeReports(folder, result)
  console.log(values.json ? JSON.stringify(result) : terminal(result, terminalOptions(folder)))
  return result.run.exitCode
}

/** The result as it was written; of a run that did not end, what its journal holds. */
function readResult(folder: string, acceptFindings: boolean): Result {
  const whole = join(folder, 'result.json')
  if (existsSync(whole)) return asResult(parsed(readFileSync(whole, 'utf8'), whole), whole)
  const { head, points } = readJournal(folder)
  const seconds = points.reduce((sum, point) => sum + point.seconds, 0)
  // A violation that was found before the end stays one.
  const cells = cellsOf(head.plan, points, head.drivers)
  const matrix = cells === undefined ? {} : { matrix: cells }
  const { exitCode, reasons } = decideExit({ plan: head.plan, points, drivers: head.drivers, required: [], acceptFindings, interrupted: true, ...matrix })
  return { ...head, schemaVersion: 1, run: { ...head.run, seconds, exitCode, reasons, interrupted: true }, points, ...matrix }
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UsageError(`expected ${file} to be JSON, found: ${(error as Error).message}; remove it to have the report made from the run's journal`)
  }
}
