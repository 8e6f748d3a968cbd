// The logs themselves. Damage (a gap, a missing end) makes whatever rests on absence unknown. A contradiction in logs that
// are whole is a violation: either an engine made it, or somebody changed the logs.
import { isUnledgered } from '../path.ts'
import { stepsOf } from '../steps.ts'
import { timeoutOf } from '../causes.ts'
import type { Attempt, Evidence, Run } from '../evidence.ts'
import { plainRuns } from '../plain.ts'
import { observationMs, troublesOf } from '../troubles.ts'
import { Tally, type Invariant } from './invariant.ts'

export const evidenceIntact: Invariant = {
  name: 'evidence',
  title: 'The logs are whole and agree with themselves',
  holds: 'Every log is numbered without a gap and has its end; every answer, effect and nonce belongs to something that is there; an attempt whose caller lived was answered.',
  exposure: 'Records read.',
  reads: ['history', 'world', 'bare', 'journal', 'faults'],
  check(evidence) {
    const tally = new Tally()
    for (const { records, log, infos } of evidence.files) {
      tally.exposures += records
      tally.count(`records.${log}`, records)
      if (infos.length > 0) tally.count('tornFiles')
    }
    for (const { summary, workflowId, lines, missing } of evidence.contradictions) tally.violate({ summary, lines, missing, ...(workflowId === null ? {} : { workflowId }) })
    const plain = plainRuns(evidence)
    for (const run of evidence.runs) {
      for (const attempt of run.attempts) if (attempt.reply === null) unanswered(evidence, run, attempt, tally)
      if (plain[run.index] === 0) unknownTokens(evidence, run, tally)
    }
    return tally
  },
}

/** The world answers all that it applied, unless the caller is gone by then: dead, or tired of waiting. */
function unanswered(evidence: Evidence, run: Run, attempt: Attempt, tally: Tally): void {
  const applied = attempt.applied[0]
  if (applied === undefined) return
  const callerGone = troublesOf(evidence).of(attempt.source).some((trouble) => trouble.fromMs <= applied.atMs + observationMs && trouble.untilMs >= attempt.atMs - observationMs)
  const tired = applied.atMs - attempt.atMs >= timeoutOf(evidence, run, attempt.step) - observationMs
  if (callerGone || tired) return
  tally.violate({
    summary: 'an effect whose caller lived was never answered', workflowId: run.id, seq: attempt.seq, step: attempt.step,
    lines: [`world.jsonl#${attempt.n}`, `world.jsonl#${applied.n}`], missing: ['world', 'faults'],
  })
}

/** A nonce that an attempt was given as its predecessor's reply must have been given. */
function unknownTokens(evidence: Evidence, run: Run, tally: Tally): void {
  if (isUnledgered(evidence, run)) return
  const { all, byNonce } = stepsOf(evidence, run)
  for (const attempt of all) {
    for (const token of attempt.prev) {
      if (typeof token !== 'number' || byNonce.has(token)) continue
      tally.violate({
        summary: 'an attempt carries a reply that the ledger never gave', workflowId: run.id, seq: attempt.seq,
        ...(attempt.world ? { step: attempt.world.step } : {}), lines: [attempt.line], missing: ['world', 'bare'],
      })
    }
  }
}
