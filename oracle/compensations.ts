// What a cancelled run did that can be taken back, and what it took back: once each, the last first. A step that was attempted
// but never recorded may be taken back or not, since its body never learned what it came to.
import type { Evidence, Run } from './evidence.ts'
import { winningNonces } from './path.ts'
import { stepsOf, type StepAttempt } from './steps.ts'

export interface Compensation {
  readonly forward: StepAttempt
  /** The step that takes it back. */
  readonly by: string
  /** Recorded, or its reply was used. */
  readonly done: boolean
}

/** The last first: the order in which they have to be taken back. */
export function owed(evidence: Evidence, run: Run): Compensation[] {
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

/** Such steps are uncancellable: they come after the cancel by their nature. */
export function isCompensation(evidence: Evidence, run: Run, { world }: StepAttempt): boolean {
  return world !== null && Object.values(compensationsOf(evidence, run)).includes(world.step)
}

const none: Readonly<Record<string, string>> = {}

function compensationsOf({ context, scenarios }: Evidence, run: Run): Readonly<Record<string, string>> {
  return context.driver.capabilities.uncancellable === 'absent' ? none : (scenarios.get(run.scenario)?.compensations ?? none)
}
