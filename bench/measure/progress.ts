// When a run did something that the world or a client could see: the one measure of progress that is the same for all engines.
import type { Evidence, Run } from '../../oracle/evidence.ts'

export interface Progress {
  readonly atMs: number
  /** The worker's incarnation; null for what a client saw. */
  readonly source: string | null
  readonly seq: number
}

/** In the order of time. */
export function progressOf({ bare }: Evidence, run: Run): Progress[] {
  const found: Progress[] = run.attempts.map(({ atMs, source, seq }) => ({ atMs, source, seq }))
  for (let row = bare.offsets[run.index]!; row < bare.offsets[run.index + 1]!; row++) {
    found.push({ atMs: bare.atMs[row]!, source: bare.sources[bare.file[row]!]!, seq: bare.seq[row]! })
  }
  return found.sort((a, b) => a.atMs - b.atMs)
}

/** When the last effect reached the world; null when none did. */
export function lastEffectMs({ bare }: Evidence, run: Run): number | null {
  let last = -Infinity
  for (const attempt of run.attempts) for (const applied of attempt.applied) last = Math.max(last, applied.atMs)
  for (let row = bare.offsets[run.index]!; row < bare.offsets[run.index + 1]!; row++) last = Math.max(last, bare.atMs[row]!)
  return last === -Infinity ? null : last
}

/** When a reader first saw it ended; null when none did. */
export function endSeenMs(run: Run): number | null {
  return run.seen.find(({ outcome }) => outcome.status === 'completed' || outcome.status === 'failed' || outcome.status === 'cancelled')?.atMs ?? null
}
