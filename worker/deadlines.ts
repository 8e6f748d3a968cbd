// Abort signals for very many calls: calls of the same second share one, so that a call costs no timer. A deadline may
// therefore come up to a second late, never early.
const grainMs = 1_000

export function deadlines(afterMs: number): () => AbortSignal {
  let current: { signal: AbortSignal; openedAt: number } | null = null
  return () => {
    const now = performance.now()
    if (current === null || now - current.openedAt >= grainMs) {
      current = { signal: AbortSignal.timeout(afterMs + grainMs), openedAt: now }
    }
    return current.signal
  }
}
