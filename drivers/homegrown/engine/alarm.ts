// Timers that are never early: libuv rounds its clock down, and setTimeout takes at most 24 days.
const longestMs = 2 ** 31 - 1

/** @returns how to disarm it */
export function alarm(ms: number, ring: () => void): () => void {
  const dueAt = performance.now() + ms
  const check = (): void => {
    const leftMs = dueAt - performance.now()
    if (leftMs <= 0) ring()
    else timer = setTimeout(check, Math.min(Math.ceil(leftMs), longestMs))
  }
  let timer = setTimeout(check, Math.min(Math.max(0, ms), longestMs))
  return () => clearTimeout(timer)
}
