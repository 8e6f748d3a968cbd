// What a ratio with its interval says of a target: met, missed, or not known yet. The whole interval has to lie on one side;
// more pairs or a quieter machine decide what is undecided.
import type { Comparison } from '../compare/ratio.ts'

export type Target = { readonly atLeast: number } | { readonly atMost: number }

export type Verdict = 'ok' | 'MISSED' | 'undecided'

/** `doubts`: reasons why the measurement itself is not to be trusted. They turn any verdict into "undecided". */
export function judge({ low, high, pairs }: Pick<Comparison, 'low' | 'high' | 'pairs'>, target: Target, doubts: readonly string[] = []): Verdict {
  if (doubts.length > 0 || pairs < fewestPairs) return 'undecided'
  const [met, missed] = 'atLeast' in target ? [low >= target.atLeast, high < target.atLeast] : [high <= target.atMost, low > target.atMost]
  return met ? 'ok' : missed ? 'MISSED' : 'undecided'
}

export function describeTarget(target: Target): string {
  return 'atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`
}

/** Fewer decide nothing: the interval over two or three pairs is a guess. */
export const fewestPairs = 6
