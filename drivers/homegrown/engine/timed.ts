// A time-out for an attempt at a step. The body is told by its signal; whether it listens or not, the attempt is over.

/** @throws when `body` took longer than `timeoutMs` */
export async function timed<T>(timeoutMs: number, body: (abort: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController()
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    const late = new Error(`no result within ${timeoutMs} ms`)
    abort.abort(late)
    reject(late)
  }, timeoutMs)
  try {
    return await Promise.race([body(abort.signal), promise])
  } finally {
    clearTimeout(timer)
  }
}
