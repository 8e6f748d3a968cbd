// Single-row commits, one after the other on one connection: what a durable write takes when nobody shares it.
import type { Place } from './place.ts'
import { runSolo } from './solo.ts'

export const commitsMeasured = 5_000

/** On an idle store of its own; through pg, prepared, 200 bytes into a table with a primary key. */
export async function singleCommits(place: Place): Promise<{ p50Ms: number; totalMs: number }> {
  await using store = await place.store()
  const { p50Ms, totalMs } = await runSolo(place, new URL('./commits-solo.ts', import.meta.url), { url: store.url, commits: commitsMeasured })
  return { p50Ms: p50Ms!, totalMs: totalMs! }
}
