// Invariant 10. An end is an end: what a reader saw as the end is what every later reader sees, after zombies woke and after a
// full restart, and nothing runs any more.
import { sameJson } from '../equal.ts'
import type { Evidence, Run, Seen } from '../evidence.ts'
import { lateStep } from '../late-step.ts'
import { firstTerminal, isTerminal } from '../path.ts'
import { plainRuns } from '../plain.ts'
import { stepsOf } from '../steps.ts'
import { isSuperseded } from '../zombies.ts'
import { historyLine, Tally, type Invariant } from './invariant.ts'

export const finality: Invariant = {
  name: 'finality',
  title: 'An end that was seen stays as it was',
  holds: 'A terminal outcome never changes, not even when it is read again after zombies woke and after a full restart; and no step is attempted after it was seen, except by a superseded worker.',
  exposure: 'Runs seen to end, and read again after the restart.',
  reads: ['history', 'world', 'bare', 'faults'],
  check(evidence) {
    const tally = new Tally()
    const plain = plainRuns(evidence)
    for (const run of evidence.runs) {
      const end = firstTerminal(run)
      if (end === undefined) continue
      for (const seen of run.seen) if (seen.atMs > end.atMs) again(run, end, seen, tally)
      if (plain[run.index] === 1 ? lastBareMs(evidence, run) > end.atMs : true) afterwards(evidence, run, end, tally)
    }
    return tally
  },
}

function again(run: Run, end: Seen, seen: Seen, tally: Tally): void {
  if (seen.reader === 'reread' && end.reader !== 'reread') tally.exposures++
  const lines = [historyLine(end), historyLine(seen)]
  if (!isTerminal(seen)) tally.violate({ summary: `a run that had ended was seen ${seen.outcome.status} again`, workflowId: run.id, lines, missing: [] })
  else if ((seen.reader === 'reread' || end.reader === 'reread') && !sameJson(end.outcome, seen.outcome)) {
    tally.violate({ summary: 'an outcome changed after it was seen', workflowId: run.id, lines, missing: [] })
  }
}

function afterwards(evidence: Evidence, run: Run, end: Seen, tally: Tally): void {
  for (const attempt of stepsOf(evidence, run).all) {
    if (attempt.atMs <= end.atMs) continue
    if (isSuperseded(evidence, run, attempt)) tally.count('zombieAttemptsAfterTheEnd')
    else {
      tally.violate({
        summary: `${lateStep(evidence, run, attempt, end)} was attempted after the end was seen`, workflowId: run.id, seq: attempt.seq, ...(attempt.world ? { step: attempt.world.step } : {}),
        lines: [historyLine(end), attempt.line], missing: ['world', 'faults'],
      })
    }
  }
}

function lastBareMs({ bare }: Evidence, run: Run): number {
  return bare.atMs[bare.offsets[run.index + 1]! - 1]!
}
