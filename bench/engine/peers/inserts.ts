// What a team writes in an afternoon: one prepared INSERT a step through a pool of pg, into a table like the engine's journal.
// No fence, no replay, no start or end: the least that anybody can call durable.
import pg from 'pg'
import { payloadBytes, stepsPerRun } from '../points.ts'
import { keepGoing, rateOf } from '../rate.ts'
import type { Figures, SoloSettings } from '../solo.ts'

export async function measure({ url, inFlight, ...window }: SoloSettings & { readonly inFlight: number }): Promise<Figures> {
  const pool = new pg.Pool({ connectionString: url, max: inFlight })
  await pool.query('CREATE TABLE steps (wf bigint, seq int, name text NOT NULL, data text NOT NULL, PRIMARY KEY (wf, seq))')
  const data = JSON.stringify('x'.repeat(payloadBytes))
  let steps = 0
  keepGoing(inFlight, async (wf) => {
    for (let seq = 1; seq <= stepsPerRun; seq++) {
      await pool.query({ name: 'step', text: 'INSERT INTO steps VALUES ($1, $2, $3, $4)', values: [wf, seq, 'noop', data] })
      steps++
    }
  })
  return { perSecond: await rateOf(() => steps, window) }
}
