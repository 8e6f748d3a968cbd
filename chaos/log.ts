// faults.jsonl: the realised schedule. Written at once, line by line, since the oracle judges causes by it and a harness that
// is killed must leave what happened so far.
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { FaultLine } from '../contract/logs.ts'

type Without<T> = T extends unknown ? Omit<T, 't' | 'n'> : never
export type FaultEvent = Without<FaultLine>

export interface FaultLog {
  write(event: FaultEvent, atMs?: number): void
  close(): void
}

export function openFaultLog(folder: string): FaultLog {
  const file = openSync(join(folder, 'faults.jsonl'), 'wx')
  let n = 0
  const write: FaultLog['write'] = (event, atMs = Number(process.hrtime.bigint()) / 1e6) => {
    n++
    writeSync(file, `${JSON.stringify({ n, t: atMs, ...event })}\n`)
  }
  return {
    write,
    close() {
      write({ k: 'end', lines: n + 1 })
      closeSync(file)
    },
  }
}
