// points.jsonl: a line for each point as soon as it is done, synced, so that a run that is killed can still be reported.
// run.json, written first, has what the points share.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { PointResult, Result } from '../contract/result.ts'
import { UsageError } from './usage.ts'

export type RunHead = Pick<Result, 'run' | 'plan' | 'drivers'>

export interface Journal {
  add(point: PointResult): void
  close(): void
}

/** May be written again when more is known; a reader never meets half of it. */
export function writeHead(folder: string, head: RunHead): void {
  const beside = join(folder, 'run.json.part')
  writeFileSync(beside, JSON.stringify(head, null, 1), { flush: true })
  renameSync(beside, join(folder, 'run.json'))
}

/** `earlier`: the points that a run which is taken up again has done; whatever else its journal held is left out. */
export function openJournal(folder: string, earlier: readonly PointResult[]): Journal {
  const path = join(folder, 'points.jsonl')
  const beside = `${path}.part`
  writeFileSync(beside, earlier.map((point) => `${JSON.stringify(point)}\n`).join(''), { flush: true })
  renameSync(beside, path)
  const file = openSync(path, 'a')
  return {
    add(point) {
      writeSync(file, `${JSON.stringify(point)}\n`)
      fsyncSync(file)
    },
    close: () => closeSync(file),
  }
}

/** What a run left, whole or not: a torn last line is a point that was not done. */
export function readJournal(folder: string): { head: RunHead; points: PointResult[] } {
  const headFile = join(folder, 'run.json')
  if (!existsSync(headFile)) throw new UsageError(`expected ${folder} to be a run's folder with run.json in it, found ${existsSync(folder) ? 'none' : 'no such folder'}; name a folder under results/`)
  const head = parsed(readFileSync(headFile, 'utf8'), headFile) as RunHead
  const pointsFile = join(folder, 'points.jsonl')
  const text = existsSync(pointsFile) ? readFileSync(pointsFile, 'utf8') : ''
  const points = text.split('\n').slice(0, -1).map((line, i) => parsed(line, `line ${i + 1} of ${pointsFile}`) as PointResult)
  return { head, points }
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UsageError(`expected ${where} to be JSON, found: ${(error as Error).message}; was it edited?`)
  }
}
