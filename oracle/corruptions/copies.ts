// An attempt that is there once more: what a corrupted ledger shows of a step that was run again.
import type { LedgerLine } from '../../contract/logs.ts'
import { answerCause } from '../causes.ts'
import type { Attempt } from '../evidence.ts'
import { renumbered } from '../logs.ts'
import { winningNonces } from '../path.ts'
import { stepsOf } from '../steps.ts'
import { troublesOf } from '../troubles.ts'
import type { Sample } from './corruption.ts'

/** A nonce that no process of a sample gave. */
export const freshNonce = 2 ** 40 - 1

/** The ledger with an attempt copied to its end, just before the end line: not numbered yet. */
export function copyOfAttempt(world: readonly LedgerLine[], attempt: Attempt, { source, nonce }: { source: string; nonce: number }): LedgerLine[] {
  const own = world.filter((line) => 'a' in line && line.a === attempt.a)
  const lastMs = world.at(-1)!.t
  const a = `${attempt.a}again`
  const copies = own.map((line, i): LedgerLine => {
    const moved = { ...line, t: lastMs + i + 1, a } as Exclude<LedgerLine, { k: 'end' }>
    if (moved.k === 'attempt') return { ...moved, src: source }
    return moved.k === 'replied' && moved.nonce !== undefined ? { ...moved, nonce } : moved
  })
  return [...world.slice(0, -1), ...copies.filter((line) => attempt.key === null || line.k !== 'applied'), { ...world.at(-1)!, t: lastMs + copies.length + 1 }]
}

/** The ledger with one more attempt of that seq, begun at that time and never answered. */
export function laterAttempt(world: readonly LedgerLine[], { a, seq }: Attempt, atMs: number): LedgerLine[] {
  const begun = world.find((line): line is Extract<LedgerLine, { k: 'attempt' }> => line.k === 'attempt' && line.a === a)
  return begun === undefined ? [...world] : renumbered([...world.slice(0, -1), { ...begun, a: `${a}later`, seq, t: atMs }, { ...world.at(-1)!, t: atMs + 1 }])
}

/** The ledger with the last winning attempt repeated, in the end, by a worker from which the run had been taken over; null: there is none. */
export function repeatedByZombie({ logs, evidence, run }: Sample): { readonly winning: number; readonly world: LedgerLine[] } | null {
  const { all, byNonce } = stepsOf(evidence, run)
  const last = byNonce.get([...winningNonces(evidence, run).values()].at(-1) ?? 0)
  if (last?.world == null || last.nonce === null) return null
  const paused = all.find((attempt) => attempt.source !== last.source && troublesOf(evidence).of(attempt.source).some((trouble) =>
    trouble.isPause && trouble.fromMs >= attempt.atMs && trouble.fromMs < last.atMs))
  if (paused === undefined) return null
  const world = renumbered(copyOfAttempt(logs.world, last.world, { source: paused.source, nonce: freshNonce }))
  // One that was answered too late may be attempted again by whoever has the run by then.
  return answerCause(evidence, run, last, { ...last, atMs: world.at(-1)!.t }) === null ? { winning: last.nonce, world } : null
}

/** A worker that was paused may have been superseded: what it does again, or after the end, is legal as long as nobody records it. */
export function wasPaused({ evidence }: Sample, source: string, byMs: number): boolean {
  return troublesOf(evidence).of(source).some(({ isPause, fromMs }) => isPause && fromMs <= byMs)
}
