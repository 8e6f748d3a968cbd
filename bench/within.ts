// A bound on what somebody else's code may take: a driver that never answers breaks its point, not the run.

/** Rejects when `work` has not settled in time; `what` goes on after "expected". */
export async function within<T>(seconds: number, what: string, work: PromiseLike<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`expected ${what} within ${seconds} s, found no answer until then`)), seconds * 1_000)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
