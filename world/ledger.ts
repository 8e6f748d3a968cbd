// The world's ledger: JSON lines in the order of events, numbered without a gap. Lines of one tick leave in one write(2), and
// answers wait for it: whatever a client was told is in the file already, even if the client is killed the moment it reads
// it. The write blocks the loop (some microseconds into the page cache), which is cheaper than ordering asynchronous ones.
import { closeSync, openSync, writeSync } from 'node:fs'
import type { LedgerLine } from '../contract/logs.ts'

type Without<T> = T extends unknown ? Omit<T, 'n' | 't'> : never
type LedgerEvent = Without<Exclude<LedgerLine, { k: 'end' }>>
type Ending = Without<Extract<LedgerLine, { k: 'end' }>>

export interface Ledger {
  readonly counts: Readonly<Record<'lines' | LedgerEvent['k'], number>>
  /** Numbers and stamps a line; gives back its time. */
  append(event: LedgerEvent): number
  /** Runs once all that was appended so far is written. */
  onceWritten(then: () => void): void
  /** Writes the last line; nothing can be appended afterwards. */
  end(): void
}

/** @throws when the file exists: numbers and nonces begin anew with each world, so two of them can't share one */
export function openLedger(path: string): Ledger {
  const file = opened(path)
  const counts = { lines: 0, attempt: 0, applied: 0, replied: 0 }
  let buffer = ''
  let waiting: (() => void)[] = []
  let scheduled = false
  let ended = false

  function write(event: LedgerEvent | Ending): number {
    if (ended) throw new Error(`the ledger ${path} has ended; nothing may happen after its last line`)
    const t = Number(process.hrtime.bigint()) / 1e6
    buffer += `${JSON.stringify({ n: ++counts.lines, t, ...event })}\n`
    schedule()
    return t
  }

  function schedule(): void {
    if (scheduled) return
    scheduled = true
    setImmediate(flush)
  }

  function flush(): void {
    scheduled = false
    if (buffer !== '') writeAll(file, buffer, path)
    buffer = ''
    const ready = waiting
    waiting = []
    for (const then of ready) then()
  }

  return {
    counts,
    append(event) {
      const t = write(event)
      counts[event.k]++
      return t
    },
    onceWritten(then) {
      waiting.push(then)
      schedule()
    },
    end() {
      const { attempt, applied, replied } = counts
      write({ k: 'end', lines: counts.lines + 1, counts: { attempt, applied, replied } })
      ended = true
      flush()
      closeSync(file)
    },
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'wx')
  } catch (error) {
    throw new Error(`expected a new file for the world's ledger at ${path}: ${(error as Error).message}; give each world a folder of its own`)
  }
}

function writeAll(file: number, text: string, path: string): void {
  const bytes = Buffer.from(text)
  try {
    for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done)
  } catch (error) {
    throw new Error(`the world's ledger ${path} can't be written: ${(error as Error).message}; the run has no evidence from here on`)
  }
}
