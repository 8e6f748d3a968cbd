// Reads what an owned process has written to its log file. The process writes to the file itself, not through a pipe of the
// harness: its log is whole even if the harness was killed, and its output costs the harness nothing. The price is that a
// line is noticed by polling, and only while someone waits for one.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

const LAST_LINES_BYTES = 65_536
/** A line of structured log may carry a stack trace of kilobytes. */
const LONGEST_LINE = 500

/** Lines from byte `start` on, each given once, however often it is asked. */
export class LogTail {
  readonly #file: string
  #offset: number

  constructor(file: string, start: number) {
    this.#file = file
    this.#offset = start
  }

  /** Lines that were completed since the last call. With `rest` also an unfinished one, since its writer is gone. */
  next(rest = false): string[] {
    const bytes = readFrom(this.#file, this.#offset)
    const end = rest ? bytes.length : bytes.lastIndexOf('\n') + 1
    this.#offset += end
    const text = bytes.toString('utf8', 0, end)
    return text === '' ? [] : text.replace(/\n$/, '').split('\n')
  }
}

/** The end of a log, for an error message. */
export function lastLines(file: string, count: number): string {
  const text = readFrom(file, -LAST_LINES_BYTES).toString('utf8').trimEnd()
  return text === '' ? '(its log is empty)' : text.split('\n').slice(-count).map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line)).join('\n')
}

/** A negative offset counts from the end. */
function readFrom(file: string, offset: number): Buffer {
  const fd = openSync(file, 'r')
  try {
    const { size } = fstatSync(fd)
    const from = offset < 0 ? Math.max(0, size + offset) : offset
    const buffer = Buffer.alloc(Math.max(0, size - from))
    return buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, from))
  } finally {
    closeSync(fd)
  }
}
