// What a run did that can be taken back, and what it took back once it was cancelled or gave up: once each, the last first. A step
// that was attempted but never recorded may be taken back or not, since its body never learned what it came to.
import type { Evidence, Run, Seen } from './evidence.ts'
import { historyLine, type Tally } from './invariants/invariant.ts'
import { winningNonces } from './path.ts'
import { stepsOf, type StepAttempt } from './steps.ts'

interface Compensation {
  readonly forward: StepAttempt
  /** The step that takes it back. */
  readonly by: string
  /** Recorded, or its reply was used. */
  readonly done: boolean
}

/** Notes what of that is amiss with a run that had to take back all it did. `how`: why it had to. */
export function checkTakenBack(evidence: Evidence, run: Run, end: Seen, how: 'a cancelled run' | 'a run that gave up', tally: Tally): void {
  const left = owed(evidence, run)
  const once = new Map([...Map.groupBy(left, ({ by }) => by)].map(([by, all]) => [by, all.length]))
  const about = ({ seq, world }: StepAttempt): { workflowId: string; seq: number; step?: string } => ({ workflowId: run.id, seq, ...(world ? { step: world.step } : {}) })
  for (const attempt of paid(evidence, run)) {
    const step = attempt.world!.step
    tally.count('compensations')
    const times = (once.get(step) ?? 0) - 1
    once.set(step, times)
    const at = left.findIndex(({ by }) => by === step)
    const skipped = left.slice(0, Math.max(at, 0)).find(({ done }) => done)
    if (times < 0) tally.violate({ ...about(attempt), summary: 'a compensation ran twice, or for nothing', lines: [attempt.line], missing: ['world'] })
    else if (at < 0 || skipped !== undefined) tally.violate({ ...about(attempt), summary: 'compensations ran in another order than the last first', lines: [attempt.line, ...(skipped ? [skipped.forward.line] : [])], missing: ['world'] })
    else left.splice(0, at + 1)
  }
  for (const { forward, by, done } of left) {
    if (done && (once.get(by) ?? 0) > 0) tally.violate({ ...about(forward), summary: `what ${how} did was not taken back by '${by}'`, lines: [forward.line, historyLine(end)], missing: ['world'] })
  }
}

/** The last first: the order in which they have to be taken back. */
function owed(evidence: Evidence, run: Run): Compensation[] {
  const declared = compensationsOf(evidence, run)
  const { bySeq, all } = stepsOf(evidence, run)
  const recorded = winningNonces(evidence, run)
  const used = new Set(all.flatMap(({ prev }) => prev))
  const found: Compensation[] = []
  for (const [seq, attempts] of bySeq) {
    const by = declared[attempts[0]!.world?.step ?? '']
    if (by === undefined) continue
    const done = attempts.some(({ nonce }) => nonce !== null && (recorded.get(seq) === nonce || used.has(nonce)))
    found.push({ forward: attempts[0]!, by, done })
  }
  return found.sort((a, b) => b.forward.seq - a.forward.seq)
}

/** The first attempt of each, in the order of the body. */
export function paid(evidence: Evidence, run: Run): StepAttempt[] {
  return [...stepsOf(evidence, run).bySeq.values()].map(([first]) => first!).filter((attempt) => isCompensation(evidence, run, attempt)).sort((a, b) => a.seq - b.seq)
}

/** After a cancel such steps are uncancellable: they come after it by their nature. */
export function isCompensation(evidence: Evidence, run: Run, { world }: StepAttempt): boolean {
  return world !== null && Object.values(compensationsOf(evidence, run)).includes(world.step)
}

const none: Readonly<Record<string, string>> = {}

function compensationsOf({ scenarios }: Evidence, run: Run): Readonly<Record<string, string>> {
  return scenarios.get(run.scenario)?.compensations ?? none
}
