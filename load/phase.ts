// What the three kinds of phases have in common. A phase issues runs and is over when it has issued its last; what it left in
// flight goes on while the next one begins.
import type { PhaseRecorder } from './recorder.ts'

export interface PhaseTools {
  readonly recorder: PhaseRecorder
  /** Returns the first of `count` new indices of this phase. */
  reserve(count: number): number
  start(index: number, intendedMs: number): void
  /** Client calls without a yes or no, planned signals and cancels included. */
  openCalls(): number
  /** Aborted when the phase is to end early. */
  readonly stop: AbortSignal
}

export interface Phase {
  play(): Promise<void>
  /** A run of this phase ended or was rejected; once a run. */
  settled?(index: number, rejected: boolean): void
  /** A living app does not know a run that was accepted; perhaps again and again. */
  lost?(index: number): void
}

/** Resolves after `ms`, or at once when stopped. */
export function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) return resolve()
    const over = (): void => {
      clearTimeout(timer)
      stop.removeEventListener('abort', over)
      resolve()
    }
    const timer = setTimeout(over, ms)
    stop.addEventListener('abort', over)
  })
}
