// Invariant 5. Cause before effect along the winning path: a step is attempted only after the one before it was answered.
// Within one log its order decides; between logs the host's clock, which can't run backwards along a chain of causes.
import type { Evidence, Run } from '../evidence.ts'
import { winningNonces } from '../path.ts'
import { plainRuns } from '../plain.ts'
import { stepsOf, type StepAttempt } from '../steps.ts'
import { Tally, type Invariant } from './invariant.ts'

export const order: Invariant = {
  name: 'order',
  title: 'A step begins after the one before it was answered',
  holds: 'Along the winning path, each attempt comes after the reply of the step before it; the branches of one `all` excepted.',
  exposure: 'Pairs of steps that follow each other on a winning path.',
  reads: ['history', 'world', 'bare', 'journal'],
  check(evidence) {
    const tally = new Tally()
    const plain = plainRuns(evidence)
    for (const run of evidence.runs) {
      // Plain: the records of one file, whose order the seqs follow.
      if (plain[run.index] === 1) tally.exposures += evidence.bare.offsets[run.index + 1]! - evidence.bare.offsets[run.index]! - 1
      else checkRun(evidence, run, tally)
    }
    return tally
  },
}

function checkRun(evidence: Evidence, run: Run, tally: Tally): void {
  const { byNonce } = stepsOf(evidence, run)
  let before: StepAttempt | undefined
  for (const [seq, nonce] of winningNonces(evidence, run)) {
    const attempt = byNonce.get(nonce)
    if (attempt?.seq !== seq) continue
    if (before !== undefined && !isBranch(before, attempt)) {
      tally.exposures++
      if (!follows(attempt, before)) {
        tally.violate({
          summary: 'a step was attempted before the one before it was answered', workflowId: run.id, seq,
          ...(attempt.world ? { step: attempt.world.step } : {}), lines: [before.line, attempt.line], missing: [],
        })
      }
    }
    before = attempt
  }
}

function follows(attempt: StepAttempt, before: StepAttempt): boolean {
  if (attempt.world !== null && before.world !== null) return before.world.reply !== null && attempt.n > before.world.reply.n
  if (attempt.world === null && before.world === null && attempt.source === before.source) return attempt.n > before.n
  return before.repliedMs !== null && attempt.atMs >= before.repliedMs
}

function isBranch(a: StepAttempt, b: StepAttempt): boolean {
  return (a.world === null) === (b.world === null) && a.prev.length === b.prev.length && a.prev.every((token, i) => token === b.prev[i])
}
