// Invariant 17. What a run came to is what its input can come to: the scenario's own word, since only it knows what its body makes of
// which answers. Where it says nothing, a run that failed must have been failed by the world.
import { checkTakenBack } from '../compensations.ts'
import type { Evidence, Run, Seen } from '../evidence.ts'
import { failedForNothing } from '../failed-run.ts'
import { misjudged } from '../given-up.ts'
import { inputOf } from '../input.ts'
import { firstTerminal, outputIn } from '../path.ts'
import { said } from '../said.ts'
import { historyLine, isTopLevel, Tally, type Invariant } from './invariant.ts'

export const outcome: Invariant = {
  name: 'outcome',
  title: 'A run comes to what its input can come to',
  holds: 'The scenario does not object to what a run of that input came to; where it can\'t say, no run fails unless the world refused a step, or failed it as often as its policy says, or something went wrong. A step that was given up was refused by the world, or tried as often as its policy says; none was tried more often. A run that gave up took back what it did, once each, the last first.',
  exposure: 'Runs that ended.',
  reads: ['history', 'world', 'faults'],
  check(evidence) {
    const tally = new Tally()
    for (const run of evidence.runs) {
      const end = firstTerminal(run)
      if (end === undefined) continue
      for (const violation of misjudged(evidence, run)) tally.violate(violation)
      if (isTopLevel(run)) checkRun(evidence, run, end, tally)
    }
    return tally
  },
}

function checkRun(evidence: Evidence, run: Run, end: Seen, tally: Tally): void {
  const scenario = evidence.scenarios.get(run.scenario)
  if (run.starts.length === 0) return
  if (scenario?.objection === undefined) {
    tally.exposures++
    const groundless = failedForNothing(evidence, run, end)
    if (groundless !== null) tally.violate(groundless)
    return
  }
  const output = outputIn(end)
  const word = said(() => ({ objection: scenario.objection!(inputOf(evidence, scenario, run.id), end.outcome), gaveUp: output !== null && scenario.gaveUp?.(output.value) === true }))
  const { objection, gaveUp } = 'unreadable' in word ? { objection: word.unreadable, gaveUp: false } : word.ok
  tally.exposures++
  tally.count(`ended.${end.outcome.status}`)
  if (objection !== null) tally.violate({ summary: `an outcome that its input can't come to: ${objection}`, workflowId: run.id, lines: [historyLine(end)], missing: [] })
  if (!gaveUp) return
  tally.count('gaveUp')
  checkTakenBack(evidence, run, end, 'a run that gave up', tally)
}
