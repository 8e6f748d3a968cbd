// What a hundred thousand runs that wait for a human cost the memory of their worker, against what the goal allows them. The
// engine's own figure: its process holds nothing but the engine.
import type { Place } from '../place.ts'
import type { Row, Sample } from '../row.ts'
import { runSolo } from '../solo.ts'

const parked = new URL('../parked.ts', import.meta.url)
const runs = 100_000
const allowedMB = 100

export const longWaits: Row = {
  name: 'long-waits',
  about: `memory that ${runs.toLocaleString('en-US')} waiting runs take in their worker ÷ ${allowedMB} MB`,
  target: { atMost: 1 },
  prepare: (place) => Promise.resolve({
    a: { label: 'what they may take', unit: 'MB', measure: () => Promise.resolve({ value: allowedMB }) },
    b: { label: 'what the heap grew by', unit: 'MB', measure: () => waiting(place) },
  }),
}

async function waiting(place: Place): Promise<Sample> {
  await using store = await place.store()
  const { grownMB, p50Ms, maxMs } = await runSolo(place, parked, { url: store.url, runs })
  // A ratio of nothing has no logarithm.
  return { value: Math.max(grownMB!, 0.01), notes: [`from a signal to the body: p50 ${p50Ms!.toFixed(0)} ms, the longest ${maxMs!.toFixed(0)} ms`] }
}
