// Where a run keeps what it leaves: results/<run>/, a folder for each point in it. Never written into a folder that has
// something in it, so that no run can overwrite another's evidence.
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { UsageError } from './usage.ts'

export function createRunFolder(out: string | undefined, runId: string): string {
  const folder = resolve(out ?? join('results', runId))
  let found: string[]
  try {
    makeFolder(folder)
    found = readdirSync(folder)
  } catch (error) {
    throw new UsageError(`expected --out to name a folder that can be made, found: ${(error as Error).message}; name another`, { cause: error })
  }
  if (found.length > 0) throw new UsageError(`expected --out to name a new or empty folder, found files in ${folder}; name another or remove it`)
  return folder
}

/** Not mkdir's own `recursive`, which never returns in a place like /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  mkdirSync(folder)
}

/** What a point that did not end left there, in a run that is taken up again, is set aside in `interrupted/`. */
export function createPointFolder(runFolder: string, pointId: string): string {
  const folder = pointFolder(runFolder, pointId)
  if (existsSync(folder)) setAside(runFolder, folder)
  mkdirSync(join(folder, 'logs'), { recursive: true })
  mkdirSync(join(folder, 'claims'))
  return folder
}

function pointFolder(runFolder: string, pointId: string): string {
  return join(runFolder, pointId.replaceAll('/', '-'))
}

function setAside(runFolder: string, folder: string): void {
  const aside = join(runFolder, 'interrupted')
  mkdirSync(aside, { recursive: true })
  renameSync(folder, join(aside, `${readdirSync(aside).length + 1}-${basename(folder)}`))
}
