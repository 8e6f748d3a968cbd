// What is attempted after an end was seen can be two things, and a finding about the one must not hide the other: a step that had
// been asked for before the end and only reached the world late, or one that was asked for after it.
import type { Evidence, Run, Seen } from './evidence.ts'
import { stepsOf, type StepAttempt } from './steps.ts'

/** How a violation's summary begins. */
export function lateStep(evidence: Evidence, run: Run, { seq, prev }: StepAttempt, { atMs: endMs }: Seen): 'a step' | 'a step under way' {
  const { bySeq, byNonce } = stepsOf(evidence, run)
  if (bySeq.get(seq)!.some((attempt) => attempt.atMs <= endMs)) return 'a step under way'
  const waitedFor = prev.map((token) => (typeof token === 'number' ? byNonce.get(token) : undefined))
  const last = Math.max(0, ...waitedFor.map((attempt) => attempt?.seq ?? Infinity))
  // A timer, a wait or a child in between would have been one more boundary.
  const between = Array.from({ length: Math.max(0, seq - 1 - last) }, (_, i) => last + 1 + i)
  const askedFor = last < seq && waitedFor.every((attempt) => (attempt?.repliedMs ?? Infinity) <= endMs) && between.every((one) => bySeq.has(one))
  return askedFor ? 'a step under way' : 'a step'
}
