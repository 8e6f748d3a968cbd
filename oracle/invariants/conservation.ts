// Invariant 14. The money at the world is what the outcome says, run by run: summed over runs, a lost charge would cancel a
// double one.
import type { Run } from '../evidence.ts'
import { outputOf } from '../path.ts'
import { isTopLevel, Tally, type Invariant } from './invariant.ts'

export const conservation: Invariant = {
  name: 'conservation',
  title: 'The money at the world is what the outcome says',
  holds: 'For each completed run, charges less refunds at the world are the cents that its outcome says were kept, its children\'s included.',
  exposure: 'Completed runs whose outcome speaks of money.',
  reads: ['history', 'world'],
  check(evidence) {
    const tally = new Tally()
    const cents = new Map<Run, number>()
    for (const run of evidence.runs) {
      const root = isTopLevel(run) ? run : evidence.runOf(run.id.slice(0, run.id.indexOf('/')))
      if (root !== undefined && run.attempts.length > 0) cents.set(root, (cents.get(root) ?? 0) + sum(run))
    }
    for (const run of evidence.runs) {
      const output = outputOf(run)
      if (output === null) continue
      const kept = evidence.scenarios.get(run.scenario)?.keptCents(output.value) ?? null
      if (kept === null) continue
      tally.exposures++
      const found = cents.get(run) ?? 0
      if (found !== kept) {
        tally.violate({
          summary: `the outcome says that ${kept} cents were kept, the world has ${found}`, workflowId: run.id,
          lines: run.attempts.flatMap((attempt) => attempt.applied.filter((line) => line.cents !== null).map((line) => `world.jsonl#${line.n}`)), missing: ['world'],
        })
      }
    }
    return tally
  },
}

function sum(run: Run): number {
  let total = 0
  for (const attempt of run.attempts) for (const { cents } of attempt.applied) total += cents ?? 0
  return total
}
