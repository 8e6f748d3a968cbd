// What it costs that an acknowledged step is on the disk: the same engine with synchronous_commit off, where a crash of the store
// loses the last of what was acknowledged. Shown so that nobody has to guess; never a headline.
import { bareSteps, bestInFlight } from '../homegrown.ts'
import type { Row } from '../row.ts'

export const durability: Row = {
  name: 'durability',
  about: 'steps/s of homegrown, two workers: durable ÷ with synchronous_commit = off',
  target: { atLeast: 0.85 },
  async prepare(place) {
    const inFlight = await bestInFlight(place, 2)
    return {
      a: bareSteps(place, 2, inFlight, { synchronous_commit: 'off' }, 'homegrown with synchronous_commit = off'),
      b: bareSteps(place, 2, inFlight),
    }
  },
}
