// Invariant 7. Rivals meet at one wait: two people answer at once, an answer comes as the wait times out, a cancel in between.
// Whoever wins, it must be one, and everybody must tell of the same one. No excuse for zombies: a body that acts on a decision
// before that is recorded has decided for others.
import type { Race } from '../../contract/scenario.ts'
import type { Evidence, Run } from '../evidence.ts'
import { firstTerminal } from '../path.ts'
import { claimsOf, metRivals, type Claim } from '../rivals.ts'
import { stepsOf, type StepAttempt } from '../steps.ts'
import { Tally, type Invariant } from './invariant.ts'

export const races: Invariant = {
  name: 'races',
  title: 'Of rivals one decides',
  holds: 'Where answers, a time-out or a cancel meet at one wait, one of them decides, and every outcome that was read, the journal and the steps after the wait tell of the same one. What only another decision leads to is never attempted.',
  exposure: 'Waits that two rivals reached at once or within one poll of each other, or that an answer reached about when they timed out.',
  reads: ['history', 'world', 'bare', 'journal'],
  check(evidence) {
    const tally = new Tally()
    for (const run of evidence.runs) for (const race of evidence.scenarios.get(run.scenario)?.races ?? []) checkRace(evidence, run, race, tally)
    return tally
  },
}

function checkRace(evidence: Evidence, run: Run, race: Race, tally: Tally): void {
  const claims = claimsOf(evidence, run, race)
  const first = claims[0]
  const other = claims.find(({ signalId }) => signalId !== first!.signalId)
  if (other !== undefined) {
    tally.violate({
      summary: `two decisions of one wait: ${said(race, first!)} and ${said(race, other)}`, workflowId: run.id, lines: [first!.line, other.line], missing: [],
    })
  } else branches(evidence, run, race, first, tally)
  if (!metRivals(evidence, run, race)) return
  tally.exposures++
  if (first !== undefined) tally.count(`won.${first.signalId === null ? 'time-out' : 'signal'}`)
  else if (firstTerminal(run)?.outcome.status === 'cancelled') tally.count('won.cancel')
}

const said = (race: Race, { signalId }: Claim): string => `${race.decision(signalId)} (${signalId ?? 'time-out'})`

/** What was done after the wait must belong to the decision; where nobody tells of one, to any single one. */
function branches(evidence: Evidence, run: Run, race: Race, claim: Claim | undefined, tally: Tally): void {
  const done = new Map<string, StepAttempt>()
  const all = new Set(Object.values(race.branches).flat())
  for (const attempt of stepsOf(evidence, run).all) {
    const step = attempt.world?.step
    if (step !== undefined && all.has(step) && !done.has(step)) done.set(step, attempt)
  }
  if (done.size === 0) return
  const fits = (decision: string): boolean => [...done.keys()].every((step) => race.branches[decision]?.includes(step))
  const attempts = [...done.values()]
  if (claim === undefined) {
    if (Object.keys(race.branches).some(fits)) return
    tally.violate({ summary: `what two decisions lead to was attempted: ${[...done.keys()].join(', ')}`, workflowId: run.id, lines: attempts.map(({ line }) => line), missing: [] })
    return
  }
  const decision = race.decision(claim.signalId)
  if (fits(decision)) return
  const wrong = attempts.find(({ world }) => !race.branches[decision]?.includes(world!.step))!
  tally.violate({
    summary: `what '${decision}' does not lead to was attempted`, workflowId: run.id, seq: wrong.seq, step: wrong.world!.step,
    lines: [claim.line, wrong.line], missing: [],
  })
}
