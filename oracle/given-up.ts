// How often a step was tried, held against its retry policy and against what is said of it in the end. Attempts that a fault may
// have swallowed are nobody's: an engine counts one whose worker died before the world heard of it. So a count that is too low is
// excused by any trouble since the run began, one that is too high by any since the first attempt.
import { isRetryable } from './causes.ts'
import type { Evidence, Run } from './evidence.ts'
import type { Violation } from './invariants/invariant.ts'
import { firstTerminal, traceOf } from './path.ts'
import { stepsOf, type StepAttempt } from './steps.ts'
import { troublesOf } from './troubles.ts'
import { zombiesOf } from './zombies.ts'

/** What is amiss with the tries of a run. */
export function misjudged(evidence: Evidence, run: Run): Violation[] {
  if (run.attempts.length === 0) return []
  const specs = evidence.scenarios.get(run.scenario)?.steps ?? {}
  const zombies = zombiesOf(evidence, run)
  const trace = traceOf(run) ?? []
  const violations: Violation[] = []
  const { all, bySeq } = stepsOf(evidence, run)
  for (const [seq, attempted] of bySeq) {
    const tries = attempted.filter((attempt) => attempt.world !== null && !zombies.has(attempt))
    const [first, last] = [tries[0], tries.at(-1)]
    if (first?.world == null || last === undefined) continue
    const { step } = first.world
    const { retry: { attempts } = { attempts: Infinity }, timeoutMs = Infinity } = specs[step] ?? {}
    const about = { workflowId: run.id, seq, step, lines: [first.line, last.line], missing: ['world', 'faults'] as const }
    if (tries.length > attempts && !wasTroubled(evidence, first.atMs, last.atMs)) violations.push({ ...about, summary: `a step that may be tried ${attempts} times was tried ${tries.length} times` })
    const end = trace[seq - 1]
    if (typeof end !== 'object' || !('failed' in end)) continue
    if (end.failed === 'refused') {
      if (!tries.some(wasRefused)) violations.push({ ...about, summary: 'a step was given up as refused, which the world never did' })
    } else if (tries.length < attempts && !wasTroubled(evidence, beganMs(run), firstTerminal(run)?.atMs ?? Infinity)) {
      // The world hears of no try that breaks off before it was read; one needs its whole time-out for that.
      const followed = [...tries, all.find((attempt) => attempt.seq > seq && attempt.atMs > last.atMs) ?? { atMs: Infinity }]
      const hidden = tries.some(({ atMs, world }, i) => world!.reply === null || followed[i + 1]!.atMs - atMs >= timeoutMs)
      violations.push({ ...about, summary: `a step was given up as exhausted after ${tries.length} of ${attempts} tries`, ...(hidden ? { doubt: true as const } : {}) })
    }
  }
  return violations
}

/** Did the world say no, so that a retry was pointless? */
export function wasRefused({ world }: StepAttempt): boolean {
  const status = world?.reply?.status ?? 0
  return status >= 400 && !isRetryable(status)
}

/** Did anything go wrong between, for anybody? */
export function wasTroubled(evidence: Evidence, fromMs: number, untilMs: number): boolean {
  return troublesOf(evidence).all.some((trouble) => trouble.fromMs <= untilMs && trouble.untilMs >= fromMs)
}

function beganMs(run: Run): number {
  return run.starts.reduce((first, { invokedMs }) => Math.min(first, invokedMs), Infinity)
}
