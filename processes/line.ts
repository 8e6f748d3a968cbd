// Waits for a line of what somebody of ours prints, by looking into the log: the price of logs that need no pipe of the harness.
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, type Exit } from './exit.ts'
import { LogTail, lastLines } from './log-tail.ts'

const POLL_MS = 5

interface Printer {
  readonly name: string
  readonly logFile: string
  /** Where in it what is its own begins. */
  readonly logStart: number
  readonly exit: () => Exit | null
}

/** The first line that matches, earlier ones included; rejects if it exits first or the deadline passes. */
export async function lineOf({ name, logFile, logStart, exit }: Printer, matches: (line: string) => boolean, deadlineMs: number): Promise<string> {
  const tail = new LogTail(logFile, logStart)
  for (const deadline = performance.now() + deadlineMs; ; await sleep(POLL_MS)) {
    const ended = exit()
    const found = tail.next(ended !== null).find(matches)
    if (found !== undefined) return found
    if (ended !== null) throw new Error(`${name} ${describe(ended)} before it printed the line that was waited for; its last lines:\n${lastLines(logFile, 15)}`)
    if (performance.now() > deadline) throw new Error(`${name} did not print the line that was waited for within ${deadlineMs} ms; its last lines:\n${lastLines(logFile, 15)}`)
  }
}
