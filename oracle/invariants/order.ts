// Invariant 5. Cause before effect along the winning path: a step is attempted only after the one before it was answered. The path is
// taken as the outcome tells it, and as the attempts were numbered: an engine that files steps under each other's numbers contradicts
// the world in one of the two. Within one log its order decides; between logs the host's clock, which can't run backwards along a chain of causes.
import type { Evidence, Run } from '../evidence.ts'
import { winningNonces } from '../path.ts'
import { plainRuns } from '../plain.ts'
import { stepsOf, type StepAttempt } from '../steps.ts'
import { Tally, type Invariant } from './invariant.ts'

export const order: Invariant = {
  name: 'order',
  title: 'A step begins after the one before it was answered',
  holds: 'Along the winning path, in the order that the outcome tells and in that of its numbers, each attempt comes after the reply of the step before it; the branches of one `all` excepted.',
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
  const told = [...winningNonces(evidence, run).values()].flatMap((nonce) => byNonce.get(nonce) ?? [])
  tally.exposures += checkPath(run, told, tally)
  const numbered = told.toSorted((a, b) => a.seq - b.seq)
  if (numbered.some((attempt, i) => attempt !== told[i])) checkPath(run, numbered, tally)
}

/** @returns how many pairs it has */
function checkPath(run: Run, path: readonly StepAttempt[], tally: Tally): number {
  let pairs = 0
  path.slice(1).forEach((attempt, i) => {
    const before = path[i]!
    if (isBranch(before, attempt)) return
    pairs++
    if (follows(attempt, before)) return
    tally.violate({
      summary: 'a step was attempted before the one before it was answered', workflowId: run.id, seq: attempt.seq,
      ...(attempt.world ? { step: attempt.world.step } : {}), lines: [before.line, attempt.line], missing: [],
    })
  })
  return pairs
}

function follows(attempt: StepAttempt, before: StepAttempt): boolean {
  if (attempt.world !== null && before.world !== null) return before.world.reply !== null && attempt.n > before.world.reply.n
  if (attempt.world === null && before.world === null && attempt.source === before.source) return attempt.n > before.n
  return before.repliedMs !== null && attempt.atMs >= before.repliedMs
}

function isBranch(a: StepAttempt, b: StepAttempt): boolean {
  return (a.world === null) === (b.world === null) && a.prev.length === b.prev.length && a.prev.every((token, i) => token === b.prev[i])
}
