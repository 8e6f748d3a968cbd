// An attempt that is there once more: what a corrupted ledger shows of a step that was run again.
import type { LedgerLine } from '../../contract/logs.ts'
import { answerCause } from '../causes.ts'
import type { Attempt, Evidence, Run } from '../evidence.ts'
import { renumbered } from '../logs.ts'
import { winningNonces } from '../path.ts'
import { stepsOf, type StepAttempt } from '../steps.ts'
import { troublesOf } from '../troubles.ts'
import { sleptLater, wasToldSince } from '../zombies.ts'
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

/** The ledger with a winning attempt repeated, in the end, by a worker from which the run had been taken over, and which could know what it takes; null: there is none. */
export function repeatedByZombie({ logs, evidence, run }: Sample): { readonly winning: number; readonly world: LedgerLine[] } | null {
  const steps = stepsOf(evidence, run)
  for (const nonce of [...winningNonces(evidence, run).values()].reverse()) {
    const winner = steps.byNonce.get(nonce)
    if (winner?.world == null) continue
    const source = pausedBefore(evidence, run, winner)
    if (source === null) continue
    const world = renumbered(copyOfAttempt(logs.world, winner.world, { source, nonce: freshNonce }))
    // One that was answered too late may be attempted again by whoever has the run by then.
    if (answerCause(evidence, run, winner, { ...winner, atMs: world.at(-1)!.t }) === null) return { winning: nonce, world }
  }
  return null
}

/** Whoever was at work on the run, slept when all came about that another made this attempt of, and did nothing more of it since: else it may have been given it anew. */
function pausedBefore(evidence: Evidence, run: Run, winner: StepAttempt): string | null {
  const steps = stepsOf(evidence, run)
  const wasBackSince = (source: string, sinceMs: number): boolean => steps.all.some((other) => other.source === source && other.atMs > sinceMs)
  const victim = steps.all.find(({ source, atMs }) => source !== winner.source && troublesOf(evidence).of(source).some((pause) =>
    pause.isPause && pause.fromMs >= atMs && pause.fromMs < winner.atMs && !wasBackSince(source, pause.fromMs) && !wasToldSince(run, steps, { source, prev: winner.prev }, pause.fromMs) && !sleptLater(evidence, winner, pause)))
  return victim?.source ?? null
}

/** A worker that was paused may have been superseded: what it does again, or after the end, is legal as long as nobody records it. */
export function wasPaused({ evidence }: Sample, source: string, byMs: number): boolean {
  return troublesOf(evidence).of(source).some(({ isPause, fromMs }) => isPause && fromMs <= byMs)
}
