// How much of what Postgres can take the engine gets into it: its rows (starts, steps and ends, each a row of the journal)
// against the same bytes from C, without fence, clients, bodies, ledger or the other tables that a run needs. COPY stands beside it.
import { barePoint, bestInFlight } from '../homegrown.ts'
import { rawProgram } from '../libpq.ts'
import { play, verified } from '../play.ts'
import { rawAtBest } from '../raw.ts'
import type { Row } from '../row.ts'

const workers = 2

export const unnest: Row = {
  name: 'unnest',
  about: 'journal rows/s of homegrown, two workers ÷ raw UNNEST of the same bytes from C',
  target: { atLeast: 0.65 },
  async prepare(place) {
    const program = await rawProgram(place)
    if (typeof program !== 'string') return program
    const a = await rawAtBest(place, program, 'unnest')
    const copy = await rawAtBest(place, program, 'copy')
    const point = barePoint(place, workers, await bestInFlight(place, workers))
    return {
      a, beside: [copy], profiled: { point },
      b: {
        label: 'homegrown: starts, steps and ends', unit: 'rows/s',
        async measure() {
          const { phase, cpu, doubts } = await play(place, point)
          return { value: verified(point, phase.verifiedTransitionsPerSecond), cpu, doubts }
        },
      },
    }
  },
}
