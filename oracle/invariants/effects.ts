// Invariant 2. At least once is what engines promise, so doing a step again is no violation, doing it again for no reason is.
// Each extra attempt needs a cause of its own between itself and the attempt before it. Duplicates that have one are measured.
import { isRetryable } from '../causes.ts'
import type { Evidence, Run } from '../evidence.ts'
import { extrasOf, type Extra } from '../extras.ts'
import { exposedSteps } from '../exposed.ts'
import { plainRuns } from '../plain.ts'
import { winningNonces } from '../path.ts'
import { stepsOf, type StepAttempt } from '../steps.ts'
import { transactional } from '../transactional.ts'
import { troublesOf } from '../troubles.ts'
import { zombiesOf } from '../zombies.ts'
import { Tally, type Invariant } from './invariant.ts'

export const effects: Invariant = {
  name: 'effects',
  title: 'Every effect once per cause',
  holds: 'A keyed effect takes place exactly once, and every attempt at it carries the key of its step. A step is attempted again only for a cause between two attempts: a fault on what it used, an elapsed time-out, a retryable or missing answer, a worker that stood still. What the world answered took effect. A transactional effect is in the store exactly once, with its record, always.',
  exposure: 'Steps that were under way when a fault hit what they used, or whose answer was missing or retryable; and transactional steps.',
  reads: ['world', 'bare', 'faults', 'table'],
  check(evidence) {
    const tally = new Tally()
    const plain = plainRuns(evidence)
    for (const { kind, role } of faultsApplied(evidence)) tally.count(`faults.${kind} ${role}`)
    for (const run of evidence.runs) {
      if (plain[run.index] === 1) continue
      transactional(evidence, run, tally)
      const steps = stepsOf(evidence, run)
      if (steps.all.length === 0) continue
      tally.exposures += exposedSteps(evidence, run) + steps.all.filter((attempt) => attempt.world?.reply != null && (attempt.world.reply.hung || isRetryable(attempt.world.reply.status))).length
      for (const extra of extrasOf(evidence, run)) again(run, extra, tally)
      for (const attempt of steps.all) answered(evidence, run, attempt, tally)
      keys(evidence, run, tally)
    }
    rates(evidence, tally)
    return tally
  },
}

function again(run: Run, { before, attempt, cause }: Extra, tally: Tally): void {
  if (cause !== null) return tally.count(`extraAttempts.${cause}`)
  tally.violate({
    summary: attempt.world === null ? 'a bare step ran again without a cause' : 'a step was attempted again without a cause',
    workflowId: run.id, seq: attempt.seq, ...stepOf(attempt), lines: [before.line, attempt.line], missing: ['world', 'faults'],
  })
}

/** Each effect of an attempt once, and an answer that names an effect only after that effect. */
function answered(evidence: Evidence, run: Run, attempt: StepAttempt, tally: Tally): void {
  if (attempt.world === null) return
  const { applied, reply, key, step } = attempt.world
  const about = { workflowId: run.id, seq: attempt.seq, ...stepOf(attempt) }
  if (applied.length > 1) tally.violate({ ...about, summary: 'one attempt took effect twice', lines: applied.map((line) => `world.jsonl#${line.n}`), missing: [] })
  if (reply === null) return
  const declared = evidence.scenarios.get(run.scenario)?.steps[step]?.effect
  const lines = [attempt.line, `world.jsonl#${reply.n}`]
  if (reply.effect === null) {
    if (reply.nonce !== null && declared !== 'none') tally.violate({ ...about, summary: 'an answer names no effect', lines, missing: [] })
    return
  }
  const sources = key === null ? [attempt.world] : run.attempts.filter((other) => other.key === key)
  const cause = sources.some((other) => other.applied.some((line) => line.effect === reply.effect && line.n < reply.n))
  if (!cause) tally.violate({ ...about, summary: 'an answer names an effect that never took place', lines, missing: ['world'] })
}

function keys(evidence: Evidence, run: Run, tally: Tally): void {
  const winners = winningNonces(evidence, run)
  const byKey = Map.groupBy(run.attempts.filter((attempt) => attempt.key !== null), (attempt) => attempt.key!)
  for (const [key, attempts] of byKey) {
    const { seq, step } = attempts[0]!
    const applied = attempts.flatMap((attempt) => attempt.applied)
    const lines = (applied.length > 0 ? applied : attempts).map((line) => `world.jsonl#${line.n}`)
    // Keys come with the numbers that a body's calls have: whoever made this one up may share it with others, or lose it.
    if (key !== `${run.id}/${seq}`) tally.violate({ summary: `a step was attempted under another key than its own: ${key}`, workflowId: run.id, seq, step, lines: attempts.map(({ n }) => `world.jsonl#${n}`), missing: [] })
    if (attempts.some((attempt) => attempt.seq !== seq)) tally.violate({ summary: `one key for two steps: ${key}`, workflowId: run.id, seq, step, lines, missing: [] })
    if (attempts.some((attempt) => attempt.applied.length > 1)) continue // already told: one attempt took effect twice
    if (applied.length > 1) tally.violate({ summary: 'a keyed effect took place twice', workflowId: run.id, seq, step, lines, missing: [] })
    if (applied.length === 0 && winners.has(seq)) tally.violate({ summary: 'a keyed effect of a completed step never took place', workflowId: run.id, seq, step, lines, missing: ['world'] })
  }
  if (troublesOf(evidence).hasPauses) tally.count('zombieAttempts', zombiesOf(evidence, run).size)
}

/** Extra attempts per fault of each kind: held against what the engine's makers promise. */
function rates(evidence: Evidence, tally: Tally): void {
  for (const label of new Set(faultsApplied(evidence).map(({ kind, role }) => `${kind} ${role}`))) {
    tally.measures[`extraAttemptsPerFault.${label}`] = (tally.measures[`extraAttempts.${label}`] ?? 0) / tally.measures[`faults.${label}`]!
  }
}

function faultsApplied(evidence: Evidence): Evidence['faults'] {
  return evidence.faults.filter((fault) => fault.appliedMs !== null && !fault.skipped)
}

const stepOf = (attempt: StepAttempt): { step?: string } => (attempt.world === null ? {} : { step: attempt.world.step })
