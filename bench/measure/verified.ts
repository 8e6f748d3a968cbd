// The headline figure: steps that the ledger saw and that the journal returns one by one, with the nonce of their reply. What
// only one of the two knows does not count.
import { journalKinds, type Evidence, type Run } from '../../oracle/evidence.ts'
import { endSeenMs, lastEffectMs } from './progress.ts'

const endKind = journalKinds.indexOf('end')

export interface Verified {
  readonly steps: number
  /** Starts acknowledged, steps, ends recorded. */
  readonly transitions: number
}

/** Within [fromMs, untilMs); null when the engine has no journal to verify with. */
export function verifiedWithin(evidence: Evidence, fromMs: number, untilMs: number): Verified | null {
  if (evidence.context.driver.capabilities.journal === 'absent') return null
  const within = (atMs: number | null): boolean => atMs !== null && atMs >= fromMs && atMs < untilMs
  let steps = 0
  let edges = 0
  for (const run of evidence.runs) {
    const { nonces, ended } = recorded(evidence, run)
    steps += countSteps(evidence, run, nonces, within)
    if (run.starts.some((start) => start.answer === 'ok' && start.how === 'started' && within(start.answeredMs))) edges++
    if (ended && within(endSeenMs(run) ?? lastEffectMs(evidence, run))) edges++
  }
  return { steps, transitions: steps + edges }
}

function recorded({ journal }: Evidence, run: Run): { nonces: Set<number>; ended: boolean } {
  const nonces = new Set<number>()
  let ended = false
  for (let row = journal.offsets[run.index]!; row < journal.offsets[run.index + 1]!; row++) {
    if (journal.nonce[row] !== 0) nonces.add(journal.nonce[row]!)
    if (journal.kind[row] === endKind) ended = true
  }
  return { nonces, ended }
}

function countSteps({ bare }: Evidence, run: Run, nonces: ReadonlySet<number>, within: (atMs: number) => boolean): number {
  let count = 0
  for (const { reply } of run.attempts) if (reply?.nonce != null && nonces.has(reply.nonce) && within(reply.atMs)) count++
  for (let row = bare.offsets[run.index]!; row < bare.offsets[run.index + 1]!; row++) {
    if (within(bare.atMs[row]!) && nonces.has(bare.nonce[row]!)) count++
  }
  return count
}
