// All files of a report into a run's folder. Each is written beside its place and renamed into it, so that a reader (or a
// full disk, or a kill) never meets half of one; result.json goes first, since the others can be made from it again.
import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Result } from '../contract/result.ts'
import { junit } from './junit.ts'
import { markdown } from './markdown.ts'
import { page } from './page/page.ts'

/** result.json, report.html, summary.md and junit.xml. */
export async function writeReports(folder: string, result: Result): Promise<void> {
  await mkdir(folder, { recursive: true })
  await replace(join(folder, 'result.json'), `${JSON.stringify(result, null, 1)}\n`)
  await replace(join(folder, 'summary.md'), markdown(result))
  await replace(join(folder, 'junit.xml'), junit(result))
  await replace(join(folder, 'report.html'), await page(result))
}

async function replace(path: string, text: string): Promise<void> {
  const beside = `${path}.${randomBytes(4).toString('hex')}.part`
  try {
    const file = await open(beside, 'wx')
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    throw new Error(`expected to write ${path}; found: ${error instanceof Error ? error.message : String(error)}; free some space or choose another folder with --out`, { cause: error })
  }
}
