// Invariant 9. A worker that was paused and superseded may still act when it wakes, since nobody can stop it in time; but
// nothing that it does then may be recorded. What it did to the world is counted apart.
import type { Evidence, Run } from '../evidence.ts'
import { recordedNonces } from '../path.ts'
import { plainRuns } from '../plain.ts'
import { stepsOf } from '../steps.ts'
import { troublesOf } from '../troubles.ts'
import { zombiesOf } from '../zombies.ts'
import { Tally, type Invariant } from './invariant.ts'

export const fencing: Invariant = {
  name: 'fencing',
  title: 'Nothing that a superseded worker does is recorded',
  holds: 'When a worker was paused, cut off or starved, or its lease ended by a jump of the store\'s clock, and its run was taken over, no reply that it obtains as a zombie enters the outcome or the journal.',
  exposure: 'Runs that a worker had begun before such a time and that another went on with afterwards.',
  reads: ['history', 'world', 'bare', 'journal', 'faults'],
  check(evidence) {
    const tally = new Tally()
    if (!troublesOf(evidence).hasPauses) return tally
    const plain = plainRuns(evidence)
    for (const run of evidence.runs) if (plain[run.index] === 0) checkRun(evidence, run, tally)
    return tally
  },
}

function checkRun(evidence: Evidence, run: Run, tally: Tally): void {
  if (!wasTakenOver(evidence, run)) return
  tally.exposures++
  const recorded = recordedNonces(evidence, run)
  for (const attempt of zombiesOf(evidence, run)) {
    tally.count('zombieAttempts')
    tally.count('zombieEffects', attempt.world?.applied.length ?? 0)
    if (attempt.nonce === null || !recorded.has(attempt.nonce)) continue
    tally.violate({
      summary: 'what a superseded worker did was recorded', workflowId: run.id, seq: attempt.seq, ...(attempt.world ? { step: attempt.world.step } : {}),
      lines: [attempt.line], missing: ['world'],
    })
  }
}

function wasTakenOver(evidence: Evidence, run: Run): boolean {
  const { all } = stepsOf(evidence, run)
  return all.some((before) => troublesOf(evidence).of(before.source).some((pause) =>
    pause.isPause && before.atMs <= pause.fromMs && all.some((after) => after.source !== before.source && after.atMs > pause.fromMs)))
}
