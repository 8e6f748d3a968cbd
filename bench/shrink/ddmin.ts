// Delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002): which part of a list is
// enough for a failure. Trade-off: the result is 1-minimal, so that none of its items can be left out alone, and not the smallest there is.

/**
 * `fails` is asked about parts of `whole`, each kept in its order; `whole` itself is known to fail. `smaller` hears of each part that still fails.
 * Who interrupts rejects `fails`, and has the last `smaller`.
 */
export async function ddmin<T>(whole: readonly T[], fails: (part: readonly T[]) => Promise<boolean>, smaller: (part: readonly T[]) => void): Promise<readonly T[]> {
  let left = whole
  for (let pieces = 2; left.length > 0;) {
    const next = await reduced(left, pieces, fails)
    if (next !== null) {
      left = next.part
      pieces = Math.max(2, Math.min(next.pieces, left.length))
      smaller(left)
    } else if (pieces < left.length) pieces = Math.min(left.length, pieces * 2)
    else break
  }
  return left
}

/** A piece that fails alone, or what is left without one; null when each is needed. */
async function reduced<T>(list: readonly T[], pieces: number, fails: (part: readonly T[]) => Promise<boolean>): Promise<{ part: readonly T[]; pieces: number } | null> {
  const chunks = split(list, pieces)
  if (chunks.length > 1) for (const chunk of chunks) if (await fails(chunk)) return { part: chunk, pieces: 2 }
  // Of two pieces each is the other's complement, and was asked about above.
  if (chunks.length === 2) return null
  for (const chunk of chunks) {
    const rest = list.filter((item) => !chunk.includes(item))
    if (await fails(rest)) return { part: rest, pieces: pieces - 1 }
  }
  return null
}

function split<T>(list: readonly T[], pieces: number): T[][] {
  const at = (piece: number): number => Math.round((piece * list.length) / pieces)
  return Array.from({ length: pieces }, (_, piece) => list.slice(at(piece), at(piece + 1))).filter((chunk) => chunk.length > 0)
}
