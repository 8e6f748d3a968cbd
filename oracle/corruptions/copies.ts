// An attempt that is there once more: what a corrupted ledger shows of a step that was run again.
import type { LedgerLine } from '../../contract/logs.ts'
import type { Attempt } from '../evidence.ts'
import { renumbered } from '../logs.ts'

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
