// Where a run keeps what it leaves: results/<run>/, a folder for each point in it. Never written into a folder that has
// something in it, so that no run can overwrite another's evidence.
import { mkdirSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UsageError } from './usage.ts'

export function createRunFolder(out: string | undefined, runId: string): string {
  const folder = resolve(out ?? join('results', runId))
  mkdirSync(folder, { recursive: true })
  if (readdirSync(folder).length > 0) throw new UsageError(`expected --out to name a new or empty folder, found files in ${folder}; name another or remove it`)
  return folder
}

export function createPointFolder(runFolder: string, pointId: string): string {
  const folder = pointFolder(runFolder, pointId)
  mkdirSync(join(folder, 'logs'), { recursive: true })
  mkdirSync(join(folder, 'claims'))
  return folder
}

export function pointFolder(runFolder: string, pointId: string): string {
  return join(runFolder, pointId.replaceAll('/', '-'))
}
