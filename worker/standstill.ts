// Notices when this process stood still: starved of CPU by its neighbours, in a long garbage collection, stopped and continued. Who
// stands still may lose a lease or let a time-out pass that nobody injected, and the oracle has to know of it to judge fairly.
// Trade-off: a timer sees only what is much longer than its period; a standstill that is short enough to be missed moves no deadline.
import { setInterval } from 'node:timers'

const periodMs = 50
/** A tick that comes later than this tells. The shortest step's time-out and lease are several times as long. */
const lateMs = 250

export interface Standstill {
  readonly fromMs: number
  readonly untilMs: number
}

/** How a line begins that tells of one where no channel leads to the harness, as from a container. */
export const toldBefore = 'stood-still '

const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6

/** Calls back with each; those that follow upon each other at once, as of a process that is given slices, are one. It holds no process. */
export function watchStandstills(tell: (standstill: Standstill) => void): Disposable {
  let lastMs = nowMs()
  let current: Standstill | null = null
  const timer = setInterval(() => {
    const atMs = nowMs()
    if (atMs - lastMs - periodMs > lateMs) current = { fromMs: current?.fromMs ?? lastMs, untilMs: atMs }
    else if (current !== null) {
      tell(current)
      current = null
    }
    lastMs = atMs
  }, periodMs).unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
