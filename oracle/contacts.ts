// What proves that a worker was in touch with the store: that it acted on something of a later date. On a machine under load a
// process may stand still for longer than any poll, and no log tells of it; so time alone never shows what a worker knew.
import type { Evidence, Run } from './evidence.ts'
import { stepsOf, type StepAttempt } from './steps.ts'

interface Contact {
  readonly atMs: number
  /** When the latest of what the attempt carries came into the world. */
  readonly toldMs: number
}

const known = new WeakMap<Evidence, ReadonlyMap<string, readonly Contact[]>>()

/**
 * From when a worker surely knew what the store was told before `sinceMs`; Infinity: that is never seen. It took up something that is
 * newer, then something newer than that: whatever it had asked for by the first, it had been answered by the second.
 */
export function knewMs(evidence: Evidence, source: string, sinceMs: number): number {
  const contacts = contactsOf(evidence).get(source) ?? []
  const firstMs = contacts.find(({ toldMs }) => toldMs > sinceMs)?.atMs ?? Infinity
  return contacts.find(({ toldMs }) => toldMs >= firstMs)?.atMs ?? Infinity
}

/** By worker, in the order of time. */
function contactsOf(evidence: Evidence): ReadonlyMap<string, readonly Contact[]> {
  let contacts = known.get(evidence)
  if (contacts !== undefined) return contacts
  const all = evidence.runs.flatMap((run) => stepsOf(evidence, run).all.map((attempt) => ({ source: attempt.source, atMs: attempt.atMs, toldMs: toldMs(evidence, run, attempt) })))
  known.set(evidence, (contacts = Map.groupBy(all.sort((a, b) => a.atMs - b.atMs), ({ source }) => source)))
  return contacts
}

/** What a child came to is left out: that makes it no later than it was. */
function toldMs(evidence: Evidence, run: Run, { prev }: StepAttempt): number {
  const { byNonce } = stepsOf(evidence, run)
  const startedMs = run.starts.reduce((first, { invokedMs }) => Math.min(first, invokedMs), Infinity)
  const sentMs = (token: string): number => run.signals.reduce((first, { signalId, invokedMs }) => (token === `signal:${signalId}` ? Math.min(first, invokedMs) : first), Infinity)
  const tokensMs = prev.map((token) => (typeof token === 'number' ? (byNonce.get(token)?.repliedMs ?? -Infinity) : sentMs(token)))
  return Math.max(...[startedMs, ...tokensMs].filter((ms) => ms !== Infinity), -Infinity)
}
