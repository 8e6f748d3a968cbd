// points.jsonl: a line for each point as soon as it is done, synced, so that a run that is killed can still be reported.
// run.json, written first, has what the points share.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { PointResult, Result } from '../contract/result.ts'
import { UsageError } from './usage.ts'

export type RunHead = Pick<Result, 'run' | 'plan' | 'drivers'>

export function openJournal(folder: string, head: RunHead): { add(point: PointResult): void; close(): void } {
  writeFileSync(join(folder, 'run.json'), JSON.stringify(head, null, 1))
  const file = openSync(join(folder, 'points.jsonl'), 'wx')
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
  if (!existsSync(headFile)) throw new UsageError(`expected ${folder} to be a run's folder with run.json in it, found none; name a folder under results/`)
  const head = JSON.parse(readFileSync(headFile, 'utf8')) as RunHead
  const pointsFile = join(folder, 'points.jsonl')
  const text = existsSync(pointsFile) ? readFileSync(pointsFile, 'utf8') : ''
  const points = text.split('\n').slice(0, -1).map((line) => JSON.parse(line) as PointResult)
  return { head, points }
}
