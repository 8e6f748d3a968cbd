// A worker dies with thousands of runs in flight; the other one, idle by then, takes them over. Measured by the ledger: from the
// kill plus the lease (before which nobody may touch them) to the step that the last of them made elsewhere. Detection by poll,
// fencing, reading their journals and running their bodies again are all in it. Held against as many single-row commits.
import type { Point } from '../../../contract/plan.ts'
import type { Evidence } from '../../../oracle/evidence.ts'
import { progressOf } from '../../measure/progress.ts'
import { measureRecovery } from '../../measure/recovery.ts'
import { commitsMeasured, singleCommits } from '../commits.ts'
import type { Place } from '../place.ts'
import { play } from '../play.ts'
import { crowd } from '../points.ts'
import type { Row, Sample } from '../row.ts'
import { runSolo, startSolo } from '../solo.ts'

/** Over two workers; a few more than twice what is asked for, for those that end before the kill. */
const runs = 10_600
/** Long enough to be in flight at the kill; short enough for the survivor to have done its own within the lease. */
const steps = 90
/** By then they have some ten steps behind them, as many as the other rows' runs have in all. */
const killAfterMs = 1_000
/** Its replacement comes when all is over. */
const healAfterMs = 8_000

export const takeOver: Row = {
  name: 'take-over',
  about: `time to take over ${commitsMeasured.toLocaleString('en-US')} runs ÷ time of as many single-row commits`,
  target: { atMost: 1 },
  prepare: (place) => Promise.resolve({
    profiled: { point },
    a: { label: `${commitsMeasured} single-row commits, one connection through pg`, unit: 'ms', measure: async () => ({ value: (await singleCommits(place)).totalMs }) },
    b: { label: 'take-over, until the last run went on', unit: 'ms', measure: () => killed(place) },
    beside: [{ label: `the engine alone: a successor opens, until the last of ${commitsMeasured} runs went on`, unit: 'ms', measure: () => succeeded(place) }],
  }),
}

const point: Point = {
  ...crowd({ name: 'take-over', driver: 'homegrown', workers: 2 }, runs, steps),
  chaos: {
    faults: [{ id: 'kill-one', kind: 'kill', role: 'worker', slot: 0, trigger: { at: 'time', phase: 'window', afterMs: killAfterMs, batch: 0 }, heal: { afterMs: healAfterMs, identity: 'fresh' } }],
    operatorAfterMs: 0,
  },
}

async function killed(place: Place): Promise<Sample> {
  const { evidence } = await play(place, point)
  const { inFlight, allProgressMs } = measureRecovery(evidence)[0]!
  if (inFlight < commitsMeasured) throw new Error(`expected ${commitsMeasured} runs in flight at the kill, found ${inFlight}; a faster machine needs more steps a run`)
  if (allProgressMs === null) throw new Error('expected every run that was in flight to go on, found some that did not')
  const { leaseMs } = evidence.context.budget
  const tookMs = allProgressMs - leaseMs
  if (tookMs <= 0) throw new Error(`expected the take-over to end after the lease of ${leaseMs} ms, found ${allProgressMs.toFixed(0)} ms after the kill`)
  return { value: tookMs, notes: [`${inFlight} runs in flight with ${stepsBefore(evidence).toFixed(1)} steps each behind them, ${allProgressMs.toFixed(0)} ms from the kill to the last run's next step, lease ${leaseMs} ms`] }
}

/** On average over all runs, of which few have ended by then. */
function stepsBefore(evidence: Evidence): number {
  const killMs = evidence.faults[0]!.appliedMs!
  const made = evidence.runs.map((run) => progressOf(evidence, run).filter(({ atMs }) => atMs < killMs).length)
  return made.reduce((sum, steps) => sum + steps, 0) / made.length
}

/** The successor has its predecessor's identity, so it need not wait for the lease. */
async function succeeded(place: Place): Promise<Sample> {
  const module = new URL('../succession.ts', import.meta.url)
  await using store = await place.store()
  await using victim = startSolo(place, module, { url: store.url, part: 'victim', runs: commitsMeasured })
  await victim.line((line) => line === 'in flight', 60_000)
  await victim.kill()
  const { tookMs } = await runSolo(place, module, { url: store.url, part: 'heir', runs: commitsMeasured })
  return { value: tookMs! }
}
