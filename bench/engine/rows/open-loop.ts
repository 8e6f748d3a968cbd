// Steps offered at a rate that does not wait for anybody, as users do. A step's latency is the time until the next one runs,
// which it does only once the step is durable; the first counts from the instant at which its run was meant to start. It is
// held against the median of a single-row commit on an idle store: what one durable write takes at least.
import type { PhaseReport } from '../../../load/protocol.ts'
import { LatencyHistogram } from '../../../load/histogram.ts'
import type { Evidence } from '../../../oracle/evidence.ts'
import { singleCommits } from '../commits.ts'
import type { Place } from '../place.ts'
import { play, verified } from '../play.ts'
import { open } from '../points.ts'
import type { Row, Sample } from '../row.ts'

const stepsPerSecond = 100_000
const workers = 2
/** Below this share of the offered rate the latency is of another load. */
const leastShare = 0.95

export const openLoop: Row = {
  name: 'open-loop',
  about: `p99 of a step at ${stepsPerSecond.toLocaleString('en-US')} steps/s offered ÷ p50 of a single-row commit`,
  target: { atMost: 40 },
  prepare: (place) => Promise.resolve({
    a: { label: 'a single-row commit, one connection through pg: p50', unit: 'ms', measure: async () => ({ value: (await singleCommits(place)).p50Ms }) },
    b: { label: 'homegrown, two workers: p99 of a step', unit: 'ms', measure: () => offered(place) },
    profiled: { point: point(place) },
  }),
}

function point({ timing }: Place): ReturnType<typeof open> {
  return open({ name: 'open-loop', driver: 'homegrown', workers }, stepsPerSecond, timing)
}

async function offered(place: Place): Promise<Sample> {
  const { evidence, report, phase, cpu, doubts } = await play(place, point(place))
  const steps = stepLatency(evidence, report).result()!
  const rate = verified(point(place), phase.verifiedStepsPerSecond)
  const short = rate < stepsPerSecond * leastShare ? [`verified ${Math.round(rate)} steps/s of ${stepsPerSecond} offered`] : []
  return {
    value: steps.p99Us / 1e3, cpu,
    doubts: [...doubts, ...short],
    notes: [
      `a step: p50 ${ms(steps.p50Us)}, p99.9 ${ms(steps.p999Us)}, at ${Math.round(rate)} verified steps/s`,
      `a start accepted: p50 ${ms(phase.acceptLatency?.p50Us)}, p99 ${ms(phase.acceptLatency?.p99Us)}; a run of ten steps to its end: p50 ${ms(phase.endLatency?.p50Us)}, p99 ${ms(phase.endLatency?.p99Us)}`,
      `the generator's own lateness: p99 ${ms(phase.scheduleLag?.p99Us)}`,
    ],
  }
}

/** From the ledger: the time from one step's body to the next one's. */
function stepLatency(evidence: Evidence, { measuredFrom, lastIndex }: PhaseReport): LatencyHistogram {
  const { bare, context } = evidence
  const histogram = new LatencyHistogram()
  for (let index = measuredFrom; index < lastIndex; index++) {
    const run = evidence.runOf(`${context.runId}-${index}`)
    let sinceMs = run?.starts[0]?.intendedMs
    if (run === undefined || sinceMs === undefined) continue
    for (let row = bare.offsets[run.index]!; row < bare.offsets[run.index + 1]!; row++) {
      histogram.recordMs(bare.atMs[row]! - sinceMs)
      sinceMs = bare.atMs[row]!
    }
  }
  return histogram
}

function ms(us: number | undefined): string {
  return us === undefined ? 'unknown' : `${(us / 1e3).toFixed(2)} ms`
}
