// npm run bench:ledger: what the evidence costs. Homegrown's bare steps with the bare ledger on and off, in pairs, each with a
// store of its own. The ledger is a write(2) a tick in the worker's own thread, so its price is highest where steps are free.
// The rate decides; steps per CPU second of the worker stand beside it, for a machine that is not quiet.
import { parseArgs } from 'node:util'
import type { Point } from '../../contract/plan.ts'
import { pairedRatio, type Comparison } from '../compare/ratio.ts'
import { runPaired } from '../compare/run.ts'
import { Stand } from './stand.ts'

const mostCost = 0.05
const stepsPerRun = 10

const { values } = parseArgs({ options: { pairs: { type: 'string', default: '8' }, seconds: { type: 'string', default: '5' }, seed: { type: 'string', default: '1' } } })
const [pairs, seconds, seed] = [values.pairs, values.seconds, values.seed].map(Number) as [number, number, number]
if (!(pairs >= 6 && seconds > 0)) throw new Error(`expected --pairs from 6 and --seconds above 0, found ${values.pairs} and ${values.seconds}: fewer pairs decide nothing`)

await using stand = await Stand.open()
const perCpuSecond = { off: [] as number[], on: [] as number[] }
const measured = await runPaired({
  a: () => stepsPerSecond('off'), b: () => stepsPerSecond('on'), pairs, seed,
  onPair: ({ a, b }, sofar) => console.log(`  pair ${sofar.pairs}: off ${Math.round(a)}, on ${Math.round(b)} steps/s; so far on/off = ${range(sofar)}`),
})
const perCpu = pairedRatio(perCpuSecond.off.map((a, pair) => ({ a, b: perCpuSecond.on[pair]! })), seed)
const { ratio, low, high } = measured
const met = low >= 1 - mostCost
const missed = high < 1 - mostCost
console.log(`  per CPU second of the worker: on/off = ${range(perCpu)}`)
console.log(`ledger: on/off = ${range(measured)}, ${pairs} pairs of ${seconds} s; it costs ${percent(1 - ratio)} (target: at most ${percent(mostCost)}): ${met ? 'ok' : missed ? 'MISSED' : 'undecided: more pairs or a quieter machine'}`)
process.exitCode = met ? 0 : 1

/** Of one closed window; counted by clients, since the ledger that could count them is what is switched off. */
async function stepsPerSecond(bareLedger: 'on' | 'off'): Promise<number> {
  const { phases, workersCpuSeconds } = await stand.play(point(bareLedger), seed)
  const phase = phases[0]!
  if (workersCpuSeconds !== null) perCpuSecond[bareLedger].push((phase.lastIndex * stepsPerRun) / workersCpuSeconds)
  return (phase.endedInWindow * stepsPerRun) / ((phase.endMs - phase.beginMs) / 1e3)
}

function point(bareLedger: 'on' | 'off'): Point {
  return {
    id: `ledger/${bareLedger}`, leg: 'ledger', driver: 'homegrown', variant: 'default', scenario: 'bare-steps', params: { steps: stepsPerRun, payloadBytes: 200 },
    workers: 1,
    load: {
      phases: [{ name: 'window', kind: 'closed', concurrency: 256, seconds, warmupSeconds: 2 }],
      followedShare: 1, doubledShare: 0, callDeadlineMs: 10_000,
    },
    chaos: { faults: [], operatorAfterMs: 0 },
    invariants: [],
    expect: 'pass',
    bareLedger,
    capSeconds: 60,
  }
}

function range({ ratio, low, high }: Comparison): string {
  return `${ratio.toFixed(3)} [${low.toFixed(3)} … ${high.toFixed(3)}, 95 %]`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
