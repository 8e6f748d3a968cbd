// Invariant 14. The money at the world is what the outcome says, run by run: summed over runs, a lost charge would cancel a
// double one.
import type { Run } from '../evidence.ts'
import { outputOf } from '../path.ts'
import { said } from '../said.ts'
import { historyLine, isTopLevel, Tally, type Invariant } from './invariant.ts'

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
      const kept = said(() => evidence.scenarios.get(run.scenario)?.keptCents(output.value) ?? null)
      if ('unreadable' in kept) {
        tally.exposures++
        tally.violate({ summary: `an outcome that says nothing of the money: ${kept.unreadable}`, workflowId: run.id, lines: run.seen.slice(-1).map(historyLine), missing: [] })
        continue
      }
      if (kept.ok === null) continue
      tally.exposures++
      const found = cents.get(run) ?? 0
      if (found !== kept.ok) {
        tally.violate({
          summary: `the outcome says that ${kept.ok} cents were kept, the world has ${found}`, workflowId: run.id,
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
