// A numbered log of JSON lines: history, world, faults. Reads line by line, and says of what it can't read where it is.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { FileReport, Log } from '../evidence.ts'
import { eachLine } from './chunks.ts'
import { Numbering } from './numbering.ts'

/** What every numbered line has; `lines` is on the last one alone. */
interface Numbered {
  readonly n: number
  readonly t: number
}

/** Takes a line into the evidence; returns the count of an `end` line, else nothing. @throws when a line is not what it should be */
export type TakeLine<L> = (line: L) => number | undefined

/** Checks numbers, and turns a line that can't be taken into damage. Shared by files and by logs in memory. */
export function takeNumbered<L extends Numbered>(line: L, numbering: Numbering, where: string, take: TakeLine<L>): void {
  if (typeof line !== 'object' || line === null || !Number.isInteger(line.n) || typeof line.t !== 'number') return numbering.damaged(`${where} has no number and time`)
  numbering.next(line.n)
  try {
    const count = take(line)
    if (count !== undefined) numbering.end(count)
  } catch (error) {
    numbering.damaged(`${where} can't be understood: ${(error as Error).message}`)
  }
}

export async function readJsonLines<L extends Numbered>(folder: string, file: string, log: Log, take: TakeLine<L>): Promise<FileReport> {
  const numbering = new Numbering(file, log)
  const path = join(folder, file)
  if (!existsSync(path)) {
    numbering.damaged('the file is missing')
    return numbering.report()
  }
  const { torn } = await eachLine(path, (text, at) => {
    let line: L
    try {
      line = JSON.parse(text) as L
    } catch {
      return numbering.damaged(`line ${at} is not JSON: ${text.slice(0, 60)}`)
    }
    takeNumbered(line, numbering, `line ${at}`, take)
  })
  if (torn !== '') numbering.info(`its last line is torn: ${torn.slice(0, 60)}`)
  if (!numbering.ended) numbering.damaged('its end is missing: whoever wrote it did not finish')
  return numbering.report()
}
