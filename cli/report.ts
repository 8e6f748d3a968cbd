// durabench report DIR: writes the report of a run again, whole or interrupted, from its journal.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Result } from '../contract/result.ts'
import { readJournal } from '../bench/journal.ts'
import { UsageError } from '../bench/usage.ts'
import { terminal } from '../reports/terminal.ts'
import { asResult } from '../reports/validate.ts'
import { writeReports } from '../reports/write.ts'
import { parse } from './options.ts'
import { terminalOptions } from './terminal-options.ts'

export async function report(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parse(argv, { json: { type: 'boolean' } }, true)
  const [folder, ...more] = positionals
  if (folder === undefined || more.length > 0) throw new UsageError(`expected one folder, as in: durabench report results/<run>; found ${positionals.length}`)
  const result = readResult(folder)
  await writeReports(folder, result)
  console.log(values.json ? JSON.stringify(result) : terminal(result, terminalOptions(folder)))
  return result.run.exitCode
}

/** The result as it was written; of a run that did not end, what its journal holds. */
function readResult(folder: string): Result {
  const whole = join(folder, 'result.json')
  if (existsSync(whole)) return asResult(JSON.parse(readFileSync(whole, 'utf8')), whole)
  const { head, points } = readJournal(folder)
  const seconds = points.reduce((sum, point) => sum + point.seconds, 0)
  return { ...head, schemaVersion: 1, run: { ...head.run, seconds, interrupted: true }, points }
}
