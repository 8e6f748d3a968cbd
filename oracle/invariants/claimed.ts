// Invariant 3. When a later attempt or an outcome carries a step's reply, the engine has told somebody that the step is
// recorded: running it again then shows that it was not. No clock is needed to know that a reply was carried on.
import type { Evidence, Run } from '../evidence.ts'
import { lastHitMs } from '../exposed.ts'
import { firstTerminal, recordedNonces, traceOf } from '../path.ts'
import { plainRuns } from '../plain.ts'
import { stepsOf, type StepAttempt } from '../steps.ts'
import { isSuperseded } from '../zombies.ts'
import { historyLine, Tally, type Invariant } from './invariant.ts'

export const claimed: Invariant = {
  name: 'claimed',
  title: 'A step whose reply was used is never attempted again',
  holds: 'Once a reply is the input of a later step, or part of an outcome, its step is not attempted again; except by a worker that was superseded while it was paused, and whose reply enters no path.',
  exposure: 'Steps already claimed when a fault hit their run.',
  reads: ['world', 'bare', 'history', 'faults'],
  check(evidence) {
    const tally = new Tally()
    const plain = plainRuns(evidence)
    for (const run of evidence.runs) if (plain[run.index] === 0) checkRun(evidence, run, tally)
    return tally
  },
}

interface Claim {
  readonly atMs: number
  readonly line: string
  /** null: an outcome. */
  readonly by: StepAttempt | null
}

function checkRun(evidence: Evidence, run: Run, tally: Tally): void {
  const steps = stepsOf(evidence, run)
  if (steps.all.length === 0) return
  const claims = claimsOf(evidence, run)
  const hitMs = lastHitMs(evidence, run)
  if (hitMs !== null) for (const claim of claims.values()) if (claim.atMs < hitMs) tally.exposures++
  for (const attempt of steps.all) {
    const claim = claims.get(attempt.seq)
    if (claim === undefined || claim.by === attempt || !isAfter(attempt, claim)) continue
    const superseded = isSuperseded(evidence, run, attempt)
    if (superseded && (attempt.nonce === null || !recordedNonces(evidence, run).has(attempt.nonce))) {
      tally.count('supersededAttempts')
      continue
    }
    tally.violate({
      summary: superseded ? 'the reply of a superseded attempt at a claimed step was recorded' : 'a claimed step was attempted again',
      workflowId: run.id, seq: attempt.seq, ...(attempt.world ? { step: attempt.world.step } : {}), lines: [claim.line, attempt.line],
      missing: superseded ? [] : ['faults'],
    })
  }
}

/** The first claim of each seq. */
function claimsOf(evidence: Evidence, run: Run): ReadonlyMap<number, Claim> {
  const { all, byNonce } = stepsOf(evidence, run)
  const claims = new Map<number, Claim>()
  const claim = (nonce: number, found: Claim): void => {
    const seq = byNonce.get(nonce)?.seq
    if (seq === undefined) return
    const before = claims.get(seq)
    if (before === undefined || found.atMs < before.atMs) claims.set(seq, found)
  }
  for (const attempt of all) for (const token of attempt.prev) if (typeof token === 'number') claim(token, { atMs: attempt.atMs, line: attempt.line, by: attempt })
  const seen = firstTerminal(run)
  if (seen !== undefined) for (const entry of traceOf(run) ?? []) if (typeof entry === 'number') claim(entry, { atMs: seen.atMs, line: historyLine(seen), by: null })
  return claims
}

/** In one file its order decides, between files the clock of the host. */
function isAfter(attempt: StepAttempt, { atMs, by }: Claim): boolean {
  return by !== null && fileOf(by) === fileOf(attempt) ? attempt.n > by.n : attempt.atMs > atMs
}

const fileOf = ({ line }: StepAttempt): string => line.slice(0, line.lastIndexOf('#'))
